"""Pixels become features."""

import numpy as np

from dnn_tf.data import ImageFormat, Split
from dnn_tf.data.image_dataset import image_dataset


def test_every_split_is_scaled():
    pixels = Split(np.full((2, 3, 4, 1), 51, "uint8"), np.array([0, 1]))
    image_format = ImageFormat(3, 4, flat=False)
    splits = dict.fromkeys(("train", "validation", "test"), pixels)
    data = image_dataset(splits, ("a", "b"), "grey paper", image_format)
    for split in data.splits().values():
        assert split.x.dtype == np.float32
        np.testing.assert_array_equal(split.x, np.full((2, 3, 4, 1), 0.2, "float32"))
    assert (data.image_format, data.source) == (image_format, "grey paper")
