"""Falling by the same factor."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.schedules import ExponentialDecay
from dnn_tf.types import InputError


def test_defaults_are_the_documents():
    assert ExponentialDecay().get_config() == {
        "initial_learning_rate": 0.1,
        "decay_steps": 10_000,
        "decay_rate": 1 / 10,
        "staircase": False,
    }


def test_every_r_steps_a_tenth():
    rates = ExponentialDecay(0.3, decay_steps=7)(np.arange(100))
    np.testing.assert_allclose(rates[7:], np.array(rates[:-7]) / 10, rtol=1e-5)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_stairs_fall_on_time(jit_compile):
    """Compiled, those of Keras and TF 1 are late at 41, 82, 164: they multiply by 1 / 41."""
    steps = np.arange(41 * 20)
    schedule = ExponentialDecay(1.0, 41, 0.5, staircase=True)
    compiled = tf.function(schedule, jit_compile=jit_compile, autograph=False)
    np.testing.assert_allclose(compiled(tf.constant(steps)), 0.5 ** (steps // 41), rtol=1e-6)


def test_more_steps_than_32_bits_hold():
    schedule = ExponentialDecay(0.1, 2**31, staircase=True)
    assert float(schedule(tf.constant(5))) == pytest.approx(0.1)
    assert float(schedule(tf.constant(2**31 + 5))) == pytest.approx(0.01)


def test_a_whole_number_is_a_rate_too():
    """Keras' own computes in whole numbers then, and gives 0."""
    assert float(ExponentialDecay(1, 10, 0.5)(5)) == pytest.approx(0.5**0.5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"initial_learning_rate": 0}, "initial_learning_rate is a finite number above 0"),
        ({"decay_rate": -0.1}, "decay_rate is a finite number above 0, and got -0.1"),
        ({"decay_steps": 0}, "decay_steps is a whole number, 1 or more, and got 0"),
        ({"decay_steps": 1.5}, "decay_steps is a whole number, 1 or more, and got 1.5"),
    ],
)
def test_what_it_refuses(options, message):
    with pytest.raises(InputError, match=message):
        ExponentialDecay(**options)
