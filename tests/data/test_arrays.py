"""What a caller gives, as an array or as an error."""

import numpy as np
import pytest

from dnn_tf.data.arrays import as_array, one_line
from dnn_tf.types import InputError


def test_arrays_and_lists():
    x = np.eye(3)
    assert as_array(x, "x") is x
    assert as_array([[1, 2], [3, 4]], "x").shape == (2, 2)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([[1, 2], [3, 4], [5]], r"x\[2\] has the shape \(1,\) and x\[0\] has \(2,\)"),
        ([[1, 2], 3], r"x\[1\] has the shape \(\) and x\[0\] has \(2,\)"),
        ([[[1], [2, 3]], [[1], [2]]], r"x\[0\]\[1\] has the shape \(2,\) and x\[0\]\[0\] has"),
        ([np.zeros((2, 3)), np.zeros((2, 4))], r"x\[1\] has the shape \(2, 4\)"),
    ],
)
def test_ragged_rows(values, words):
    with pytest.raises(InputError, match=words):
        as_array(values, "x")


def test_a_masked_value_is_not_laid_bare():
    masked = np.ma.masked_equal([[1, 2], [3, -9], [-9, 0]], -9)
    with pytest.raises(InputError, match=r"x\[1, 1\] is masked \(2 such values in all\)"):
        as_array(masked, "x")
    np.testing.assert_array_equal(as_array(np.ma.array([1, 2]), "x"), [1, 2])


def test_what_becomes_no_array():
    class Broken:
        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("lost the file")

    with pytest.raises(InputError, match=r"y becomes no array \(lost the file\)"):
        as_array(Broken(), "y")


def test_values_are_shown_in_one_short_line():
    assert one_line(np.float32(2)) == "2.0"
    assert one_line("x" * 90) == f"'{'x' * 56}..."
