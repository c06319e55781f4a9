"""The object that all data becomes."""

import numpy as np
import pytest

from dnn_tf.data import Dataset, Split
from dnn_tf.types import InputError


def test_lists_become_arrays():
    split = Split([[1.0, 2.0]], [0])
    assert split.x.shape == (1, 2)
    assert len(split) == 1


def test_ragged_and_masked_rows_are_named():
    with pytest.raises(InputError, match=r"x\[1\] has the shape \(1,\)"):
        Split([[1.0, 2.0], [3.0]], [0, 1])
    with pytest.raises(InputError, match=r"y\[1\] is masked"):
        Split(np.eye(2), np.ma.masked_equal([0, -1], -1))


def test_splits_that_are_there(blobs):
    assert list(blobs.splits()) == ["train", "validation", "test"]
    assert list(Dataset(blobs.train).splits()) == ["train"]


def test_every_split_is_checked(blobs):
    bad = Split(blobs.test.x, blobs.test.y + 1)
    with pytest.raises(InputError, match=r"test: y\[2\] is 3"):
        Dataset(blobs.train, test=bad, class_names=blobs.class_names)
    with pytest.raises(InputError, match="validation: x has no rows"):
        Dataset(blobs.train, Split(blobs.test.x[:0], blobs.test.y[:0]))
    with pytest.raises(InputError, match=r"test: x has 30 rows and y has the shape \(29,\)"):
        Dataset(blobs.train, test=Split(blobs.test.x, blobs.test.y[:29]))


def test_every_class_has_a_training_example(blobs):
    rows = blobs.train.y != 1
    train = Split(blobs.train.x[rows], blobs.train.y[rows])
    with pytest.raises(InputError, match=r'train: class 1 \("b"\) has no training example'):
        Dataset(train, class_names=blobs.class_names)
    Dataset(blobs.train, test=train, class_names=blobs.class_names)  # to measure, it need not


def test_splits_have_the_same_features(blobs):
    with pytest.raises(InputError, match=r"test: a sample has the shape \(5,\), and in train"):
        Dataset(blobs.train, test=Split(blobs.test.x[:, :5], blobs.test.y))
    with pytest.raises(InputError, match=r"test: a label has the shape \(3,\), and in train"):
        Dataset(blobs.train, test=Split(blobs.test.x, np.eye(3)[blobs.test.y]))


@pytest.mark.parametrize("train", [None, (np.eye(2), np.arange(2))])
def test_what_is_no_split(train):
    with pytest.raises(InputError, match=r"train is a Split\(x, y\), and got "):
        Dataset(train)


def test_without_class_names_labels_may_be_any_number():
    data = Dataset(Split(np.eye(3), np.array([-1.5, 0.0, 7.0])))
    assert data.n_classes == 0
    with pytest.raises(InputError, match=r"train: y\[1\] is nan"):
        Dataset(Split(np.eye(3), np.array([-1.5, np.nan, 7.0])))
    with pytest.raises(InputError, match=r"train: y\[2\] is 'c'"):
        Dataset(Split(np.eye(3), ["0", "1", "c"]))
