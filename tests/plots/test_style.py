"""How the figures look."""

import numpy as np
from matplotlib.colors import to_rgb

from dnn_tf.plots import style


def test_splits_differ_in_grey_too():
    luminance = np.array([0.299, 0.587, 0.114])
    greys = sorted(luminance @ to_rgb(colour) for colour in style.COLOURS.values())
    assert np.diff(greys).min() > 0.1
    assert len(set(style.LINES.values())) == len(style.COLOURS)


def test_bare_and_light():
    axes = style.figure(2, 2).subplots(1, 2)
    style.bare(axes[0])
    style.light(axes[1])
    assert list(axes[0].get_xticks()) == []
    assert not axes[1].spines["top"].get_visible()
