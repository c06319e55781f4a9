"""What is asked of numbers."""

import numpy as np
import pytest

from dnn_tf.arguments import as_pair, check_between, check_positive
from dnn_tf.types import InputError


@pytest.mark.parametrize("number", [0, -1, 1.0, True, "3", None])
def test_positive(number):
    with pytest.raises(InputError, match="epochs is a whole number, 1 or more, and got"):
        check_positive(epochs=number)


@pytest.mark.parametrize("number", [1.0, -0.1, float("nan"), 2])
def test_between(number):
    with pytest.raises(InputError, match="rate is a number from 0 up to and without 1, and got"):
        check_between(0, 1, rate=number)


@pytest.mark.parametrize("number", ["0.5", None, True])
def test_between_takes_numbers(number):
    with pytest.raises(InputError, match="rate is a number, and got"):
        check_between(0, 1, rate=number)


def test_no_upper_limit_is_not_told():
    with pytest.raises(InputError, match="stddev is a number from 0, and got -1"):
        check_between(0, float("inf"), stddev=-1)


def test_numbers_of_numpy_are_numbers():
    check_positive(units=np.int64(3))
    check_between(0, 1, rate=np.float32(0.5))


def test_pair():
    assert as_pair("strides", 2) == (2, 2)
    assert as_pair("strides", [1, 2]) == (1, 2)
    for wrong in ((1, 2, 3), 0, (1, 0), "ab"):
        with pytest.raises(InputError, match="strides is a whole number"):
            as_pair("strides", wrong)
