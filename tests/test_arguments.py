"""What is asked of numbers."""

import numpy as np
import pytest

from dnn_tf.arguments import (
    as_pair,
    as_sizes,
    build_named,
    check_above_0,
    check_between,
    check_positive,
    check_seed,
    check_whole,
)
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
    with pytest.raises(InputError, match="rate is a number from 0 up to and without 1, and got"):
        check_between(0, 1, rate=number)


@pytest.mark.parametrize("number", [1, 2.0, True])
def test_whole_from_two(number):
    with pytest.raises(InputError, match="pieces is a whole number, 2 or more, and got"):
        check_whole(2, pieces=number)


def test_no_upper_limit_is_not_told():
    with pytest.raises(InputError, match="stddev is a finite number, 0 or more, and got -1"):
        check_between(0, float("inf"), stddev=-1)


@pytest.mark.parametrize("number", [0, -1.0, float("inf"), float("nan"), "1", None, True])
def test_above_0(number):
    with pytest.raises(InputError, match="margin is a finite number above 0, and got"):
        check_above_0(margin=number)


@pytest.mark.parametrize("sizes", [3, "32", None, {3}])
def test_sizes_are_a_sequence(sizes):
    with pytest.raises(InputError, match="hidden is a sequence of whole numbers, one a layer"):
        as_sizes("hidden", sizes)


def test_sizes_are_named_by_their_layer():
    with pytest.raises(InputError, match="hidden2 is a whole number, 1 or more, and got 0"):
        as_sizes("hidden", (3, 0))


def test_numbers_of_numpy_are_numbers():
    check_positive(units=np.int64(3))
    check_between(0, 1, rate=np.float32(0.5))


def test_pair():
    assert as_pair("strides", 2) == (2, 2)
    assert as_pair("strides", [1, 2]) == (1, 2)
    for wrong in ((1, 2, 3), 0, (1, 0), "ab"):
        with pytest.raises(InputError, match="strides is a whole number"):
            as_pair("strides", wrong)


def switch(on=False, size=1.0):
    return on, size + 0


@pytest.mark.parametrize("value", ["off", 0, None, [True]])
def test_a_truth_value_is_no_word(value):
    with pytest.raises(InputError, match=r"on is True or False, and got "):
        build_named("thing", {"switch": switch}, "switch", {"on": value})
    assert build_named("thing", {"switch": switch}, "switch", {"on": True}) == (True, 1.0)


def test_an_option_of_another_type():
    with pytest.raises(InputError, match=r"the thing 'switch': .*its own options are on, size"):
        build_named("thing", {"switch": switch}, "switch", {"size": "abc"})


@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, "1", None, True])
def test_a_seed_that_generators_do_not_take(seed):
    with pytest.raises(InputError, match="^draw is a whole number from 0 to 4294967295, and got"):
        check_seed(draw=seed)


def test_a_seed_of_numpy():
    check_seed(first=np.int64(0), last=2**32 - 1)
