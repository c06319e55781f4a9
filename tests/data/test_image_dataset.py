"""Pixels become features."""

import numpy as np
import pytest

from dnn_tf.data import ImageFormat, Split
from dnn_tf.data.image_dataset import image_dataset
from dnn_tf.types import InputError


def test_every_split_is_scaled():
    pixels = Split(np.full((2, 3, 4, 1), 51, "uint8"), np.array([0, 1]))
    image_format = ImageFormat(3, 4, flat=False)
    splits = dict.fromkeys(("train", "validation", "test"), pixels)
    data = image_dataset(splits, ("a", "b"), "grey paper", image_format)
    for split in data.splits().values():
        assert split.x.dtype == np.float32
        np.testing.assert_array_equal(split.x, np.full((2, 3, 4, 1), 0.2, "float32"))
    assert (data.image_format, data.source) == (image_format, "grey paper")


def test_more_features_than_the_machine_holds(monkeypatch):
    """Four bytes for each byte of a pixel."""
    pixels = Split(np.zeros((2, 3, 4, 1), "uint8"), np.array([0, 1]))
    for n_bytes, fits in {96: True, 95: False}.items():
        monkeypatch.setattr("dnn_tf.data.memory.machine_memory", lambda n_bytes=n_bytes: n_bytes)
        if fits:
            image_dataset({"train": pixels}, ("a", "b"), "grey paper", ImageFormat(3, 4))
        else:
            with pytest.raises(InputError, match="grey paper, as features: .* take smaller images"):
                image_dataset({"train": pixels}, ("a", "b"), "grey paper", ImageFormat(3, 4))
