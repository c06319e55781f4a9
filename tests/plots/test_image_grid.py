"""Pictures."""

import numpy as np

from dnn_tf.plots import image_grid


def test_captions_and_empty_cells():
    axes = image_grid(np.zeros((3, 4, 4)), ["a", "b", "c"], columns=2, title="t").axes
    assert [cell.get_xlabel() for cell in axes] == ["a", "b", "c", ""]
    assert [len(cell.images) for cell in axes] == [1, 1, 1, 0]


def test_colour_without_captions(tmp_path):
    image_grid(np.zeros((2, 4, 4, 3))).savefig(tmp_path / "g.png")
    assert (tmp_path / "g.png").is_file()
