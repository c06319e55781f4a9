"""The door: the first offending row is named."""

import decimal
import tracemalloc
import warnings

import numpy as np
import pytest

from dnn_tf.data import checks
from dnn_tf.data.checks import (
    check_every_class,
    check_features,
    check_labels,
    check_rows,
    check_same_shape,
    check_targets,
)
from dnn_tf.types import InputError


def test_sound_data_passes():
    for dtype in ("float64", "float16", "uint8", "int64", "bool"):
        check_features(np.zeros((3, 2), dtype), "train")
    check_rows(np.zeros((3, 2)), np.zeros(3), "train")
    check_labels(np.array([0, 1, 2]), 3, "train")
    check_labels(np.array([0.0, 1.0]), 2, "train")
    check_labels(np.array([0, 10**9]), None, "train")
    check_targets(np.array([[-1.5], [7.0]]), "train")
    check_every_class(np.array([1.0, 0.0]), ("a", "b"), "train")
    check_same_shape({"train": (2,), "test": (2,)})


def test_large_finite_numbers_pass():
    check_features(np.full((4, 2), 3e38, "float32"), "train")
    check_features(np.full((4, 2), -3e38, "float64"), "train")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_not_finite(value, dtype):
    x = np.zeros((5, 4), dtype)
    x[3, 2] = value
    with pytest.raises(InputError, match=rf"train: x\[3, 2\] is {value} \(1 such values"):
        check_features(x, "train")
    x[4] = value
    with pytest.raises(InputError, match=rf"train: x\[3, 2\] is {value} \(5 such values"):
        check_features(x, "train")


@pytest.mark.parametrize("shape", [(5000, 7), (50, 10, 70), (35_000,)])
@pytest.mark.parametrize("at_once", [1, 100, 10**9])
def test_the_first_of_many_blocks(monkeypatch, shape, at_once):
    monkeypatch.setattr(checks, "_NUMBERS_AT_ONCE", at_once)
    values = np.zeros(shape)
    values.reshape(-1)[[12_345, 20_000, 34_999]] = np.nan
    first = ", ".join(str(place) for place in np.argwhere(np.isnan(values))[0])
    with pytest.raises(InputError, match=rf"y\[{first}\] is nan \(3 such values in all\)"):
        check_targets(values, "train")


def test_a_nan_in_a_file_is_found_in_little_memory(tmp_path):
    x = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", "float32", (1_000_000, 40))
    x[-1, 3] = np.nan
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=r"x\[999999, 3\] is nan \(1 such"):
            check_features(x, "train")
        assert tracemalloc.get_traced_memory()[1] < x.nbytes / 4
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("value", [1e39, -1e300])
def test_infinite_to_a_network(value):
    x = np.zeros((5, 4))
    x[1, 3] = value
    with pytest.raises(InputError, match=r"x\[1, 3\] is .*e\+.*finite float32 numbers"):
        check_features(x, "train")


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (np.zeros(5), r"shape \(5,\)"),
        (np.array(5.0), r"shape \(\)"),
        (np.array({1, 2}), r"shape \(\)"),
        (np.zeros((0, 4)), "no rows"),
        (np.zeros((3, 0)), r"shape \(3, 0\)"),
        (np.full((2, 2), "a"), r"x\[0, 0\] is 'a'"),
        (np.array([["1", "2"], ["3", "n/a"]]), r"x\[1, 1\] is 'n/a'"),
        (np.array([["1", "2"], ["3", "4"]]), r"x holds <U1.*x\.astype\('float32'\)"),
        (np.zeros((2, 2), "complex64"), "x holds complex64, and real .*: take its real part, x.re"),
        (np.array([[1, np.complex64(2)]], object), r"x\[0, 1\] is \(2\+0j\)"),
        (np.array([[1, 2], [3, None]]), r"x\[1, 1\] is None"),
        (np.array([[1, 2], [np.nan, 0]], object), r"x\[1, 0\] is nan"),
        (np.array([[decimal.Decimal(1)]]), "x holds object"),
        (np.zeros((2, 2), "datetime64[D]"), r"x\[0, 0\] is datetime.date\(1970, 1, 1\)"),
    ],
)
def test_no_features(x, words):
    with pytest.raises(InputError, match=f"train: .*{words}"):
        check_features(x, "train")


@pytest.mark.parametrize(
    ("y", "words"),
    [
        ([0, 1, -1], r"y\[2\] is -1"),
        ([0, 3, 3], r"y\[1\] is 3 \(2 such labels in all\), and a whole number from 0 to 2"),
        ([0, 0.5, 1], r"y\[1\] is 0.5"),
        ([np.nan, 0, 1], r"y\[0\] is nan"),
        ([0, np.inf, 1], r"y\[1\] is inf"),
        ([[0], [1], [2]], r"shape \(3, 1\), and \(3,\)"),
        (["0", "b", "c"], r"y\[1\] is 'b', and a whole number from 0 to 2"),
        ([0, None, 1], r"y\[1\] is None"),
        ([True, False], "y holds bool"),
        ([0j, 1j], "y holds complex128, and a whole number from 0 to 2 was expected: take its r"),
    ],
)
def test_no_labels(y, words):
    with pytest.raises(InputError, match=f"test: .*{words}"):
        check_labels(np.array(y), 3, "test")


@pytest.mark.parametrize("dtype", ["complex64", object])
def test_complex_numbers_warn_of_nothing(dtype):
    x = np.array([[np.complex64(1)]], dtype)
    with warnings.catch_warnings(record=True) as warned, pytest.raises(InputError, match="real"):
        warnings.simplefilter("always")
        check_features(x, "train")
    assert not warned


def test_labels_without_an_end():
    with pytest.raises(InputError, match=r"y\[1\] is -2 .*a whole number, 0 or more, was"):
        check_labels(np.array([7, -2]), None, "test")


@pytest.mark.parametrize(("y", "words"), [([1.0, np.nan], r"y\[1\] is nan"), (["a"], "is 'a'")])
def test_no_targets(y, words):
    with pytest.raises(InputError, match=f"train: .*{words}"):
        check_targets(np.array(y), "train")


@pytest.mark.parametrize(
    ("n_labels", "words"),
    [(2, r"\(2,\), so x\[2\] has no label"), (4, r"\(4,\), so y\[3\] has no sample")],
)
def test_rows_that_do_not_match(n_labels, words):
    with pytest.raises(InputError, match=f"x has 3 rows and y has the shape {words}"):
        check_rows(np.zeros((3, 2)), np.zeros(n_labels), "train")


def test_one_label_for_all():
    with pytest.raises(InputError, match=r"y has the shape \(\), so x\[0\] has no label"):
        check_rows(np.zeros((3, 2)), np.array(1), "train")


def test_a_class_without_an_example():
    words = r'train: class 1 \("b"\) has no training example \(2 such classes in all\)'
    with pytest.raises(InputError, match=words):
        check_every_class(np.array([0, 2, 2]), ("a", "b", "c", "d"), "train")


def test_splits_with_other_features():
    with pytest.raises(InputError, match=r"test: a label has the shape \(3,\), and in train"):
        check_same_shape({"train": (), "test": (3,)}, "label")
    features = {"train": (784,), "test": (100,)}
    words = r"test: a sample has the shape \(100,\), and in train it has \(784,\)"
    with pytest.raises(InputError, match=words):
        check_same_shape(features)
