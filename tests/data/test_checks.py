"""The door: the first offending row is named."""

import numpy as np
import pytest

from dnn_tf.data.checks import check_features, check_labels, check_rows
from dnn_tf.types import InputError


def test_sound_data_passes():
    check_features(np.zeros((3, 2)), "train")
    check_features(np.zeros((3, 2), "uint8"), "train")
    check_rows(np.zeros((3, 2)), np.zeros(3), "train")
    check_labels(np.array([0, 1, 2]), 3, "train")
    check_labels(np.array([0.0, 1.0]), 2, "train")


def test_large_finite_numbers_pass():
    check_features(np.full((4, 2), 3e38, "float32"), "train")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_not_finite(value):
    x = np.zeros((5, 4), "float32")
    x[3, 2] = value
    with pytest.raises(InputError, match=rf"train: x\[3, 2\] is {value} \(1 such values"):
        check_features(x, "train")


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (np.zeros(5), r"shape \(5,\)"),
        (np.zeros((0, 4)), "no rows"),
        (np.full((2, 2), "a"), "holds <U1"),
        (np.zeros((2, 2), "complex64"), "holds complex64"),
        (np.array([[1, None]]), "holds object"),
    ],
)
def test_no_features(x, words):
    with pytest.raises(InputError, match=words):
        check_features(x, "train")


@pytest.mark.parametrize(
    ("y", "words"),
    [
        ([0, 1, -1], r"y\[2\] is -1"),
        ([0, 3, 3], r"y\[1\] is 3 \(2 such labels in all\), and a whole number from 0 to 2"),
        ([0, 0.5, 1], r"y\[1\] is 0.5"),
        ([np.nan, 0, 1], r"y\[0\] is nan"),
        ([[0], [1], [2]], r"shape \(3, 1\), and \(3,\)"),
        (["a", "b", "c"], "holds <U1"),
    ],
)
def test_no_labels(y, words):
    with pytest.raises(InputError, match=f"test: .*{words}"):
        check_labels(np.array(y), 3, "test")


def test_rows_that_do_not_match():
    with pytest.raises(InputError, match=r"x has 3 rows and y has the shape \(2,\)"):
        check_rows(np.zeros((3, 2)), np.zeros(2), "train")
