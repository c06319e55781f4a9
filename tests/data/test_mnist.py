"""The order of the original files."""

import numpy as np
import pytest

from dnn_tf.data import mnist


@pytest.mark.full_mnist
def test_first_labels_are_those_of_the_original_files(full_mnist):
    assert tuple(full_mnist.validation.y[:20]) == mnist.FIRST_LABELS["train"]
    assert tuple(full_mnist.test.y[:20]) == mnist.FIRST_LABELS["test"]
    assert np.bincount(full_mnist.test.y).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip


def test_another_order_is_left_as_it_is():
    arrays = {
        f"{split}_{what}": np.arange(40) % 10
        for split in ("train", "test")
        for what in ("images", "labels")
    }
    ordered = mnist.in_original_order(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(ordered[name], array)
