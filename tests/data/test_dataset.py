"""The object that all data becomes."""

import numpy as np
import pytest

from dnn_tf.data import Dataset, Split
from dnn_tf.types import InputError


def test_lists_become_arrays():
    split = Split([[1.0, 2.0]], [0])
    assert split.x.shape == (1, 2)
    assert len(split) == 1


def test_splits_that_are_there(blobs):
    assert list(blobs.splits()) == ["train", "validation", "test"]
    assert list(Dataset(blobs.train).splits()) == ["train"]


def test_every_split_is_checked(blobs):
    bad = Split(blobs.test.x, blobs.test.y + 1)
    with pytest.raises(InputError, match=r"test: y\[2\] is 3"):
        Dataset(blobs.train, test=bad, class_names=blobs.class_names)


def test_without_class_names_labels_may_be_anything():
    data = Dataset(Split(np.eye(3), np.array([-1.5, 0.0, 7.0])))
    assert data.n_classes == 0
