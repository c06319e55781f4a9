"""The confusion matrix."""

import numpy as np

from dnn_tf.plots import confusion


def test_numbers_and_shades():
    figure = confusion(np.array([[8, 2], [0, 5]]), ("cat", "dog"), "title")
    axes = figure.axes[0]
    assert sorted(text.get_text() for text in axes.texts) == ["2", "5", "8"]
    np.testing.assert_allclose(axes.images[0].get_array(), [[0, 20], [0, 0]])
    assert axes.get_ylabel() == "true class"


def test_no_errors_and_an_empty_class(tmp_path):
    confusion(np.array([[3, 0], [0, 0]]), ("a", "b")).savefig(tmp_path / "c.png")
    assert (tmp_path / "c.png").stat().st_size > 1000
