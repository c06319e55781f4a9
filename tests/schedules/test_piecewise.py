"""Rates that hold for a while."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.schedules import PiecewiseConstant
from dnn_tf.types import InputError

#   step     0    1    2    3    4    5    6
#   rate   1.0  1.0  1.0  0.5  0.5 0.25 0.25
#   boundary          ^         ^


def test_a_boundary_is_the_last_step_of_its_piece():
    rates = PiecewiseConstant([2, 4], [1.0, 0.5, 0.25])(np.arange(7))
    np.testing.assert_array_equal(rates, [1, 1, 1, 0.5, 0.5, 0.25, 0.25])


def test_n_steps_of_training_at_the_first_rate():
    """The boundary `n - 1`, as steps count from 0: here n = 3."""
    weight = keras.Variable([0.0])
    optimizer = keras.optimizers.SGD(PiecewiseConstant([2], [1.0, 0.1]))
    moved = []
    for _ in range(5):
        before = float(weight[0])
        optimizer.apply([tf.constant([-1.0])], [weight])
        moved.append(float(weight[0]) - before)
    assert moved == pytest.approx([1, 1, 1, 0.1, 0.1])


def test_neighbouring_steps_differ_where_float32_cannot_tell_them_apart():
    last = 2**24
    schedule = PiecewiseConstant([last], [1.0, 0.5])
    assert np.float32(last) == np.float32(last + 1)
    assert float(schedule(tf.constant(last, tf.int64))) == 1
    assert float(schedule(tf.constant(last + 1, tf.int64))) == 0.5


@pytest.mark.parametrize("step", [5, tf.constant(5), np.int32(5), 5.0])
def test_more_steps_than_32_bits_hold(step):
    schedule = PiecewiseConstant([2**31], [1.0, 0.5])
    assert float(schedule(step)) == 1
    assert float(schedule(tf.constant(2**31 + 1))) == 0.5


def test_a_file_can_hold_what_numpy_gave():
    schedule = PiecewiseConstant(np.array([2, 4]), np.array([1.0, 0.5, 0.25], "float64"))
    assert schedule.get_config() == {"boundaries": [2, 4], "values": [1.0, 0.5, 0.25]}
    assert type(schedule.boundaries[0]) is int


@pytest.mark.parametrize(
    ("boundaries", "values", "message"),
    [
        ([4, 2], [1, 0.5, 0.25], r"boundaries \[4, 2\] do not rise: sort them, each one once"),
        ([2, 2], [1, 0.5, 0.25], r"boundaries \[2, 2\] do not rise"),
        ([2, 4], [1, 0.5], "2 values for 2 boundaries: give 3, one a piece"),
        ([2], [1, 0.5, 0.25], "3 values for 1 boundaries: give 2"),
        ([2], [1, 0], r"values\[1\] is a finite number above 0, and got 0"),
        ([2], [-1, 1], r"values\[0\] is a finite number above 0, and got -1"),
        ([2], [1, float("nan")], r"values\[1\] is a finite number above 0, and got nan"),
        ([2.5], [1, 0.5], r"boundaries\[0\] is a whole number, 0 or more, and got 2.5"),
        ([-1], [1, 0.5], r"boundaries\[0\] is a whole number, 0 or more, and got -1"),
        ([], [1], "no boundaries: give one or more, or the one rate itself"),
        (2, [1, 0.5], "boundaries is a list of numbers, and got 2"),
        ("2", [1, 0.5], "boundaries is a list of numbers, and got '2'"),
    ],
)
def test_what_it_refuses(boundaries, values, message):
    with pytest.raises(InputError, match=message):
        PiecewiseConstant(boundaries, values)
