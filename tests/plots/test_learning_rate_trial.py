"""The figure of a trial of learning rates."""

import numpy as np

from dnn_tf import plots


def test_what_is_drawn():
    rates, losses = np.geomspace(1e-4, 1, 5), np.array([2.0, 1.9, 1.0, 0.5, 4.0])
    figure = plots.learning_rate_trial(rates, losses, losses / 2, suggestion=0.01, title="digits")
    (axes,) = figure.axes
    raw, smooth, mark = axes.lines
    np.testing.assert_array_equal(raw.get_xydata(), np.c_[rates, losses])
    np.testing.assert_array_equal(smooth.get_xydata(), np.c_[rates, losses / 2])
    assert mark.get_xdata() == [0.01, 0.01]
    assert (axes.get_xscale(), axes.get_ylim()) == ("log", (0, 3.0))
    assert (axes.get_xlabel(), axes.get_title()) == ("learning rate", "digits")
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["loss of a batch", "smoothed", "suggestion, 0.01"]
