"""Falling ever more slowly."""

import numpy as np
import pytest

from dnn_tf.schedules import ExponentialDecay, PowerDecay
from dnn_tf.types import InputError


def test_half_a_third_a_quarter():
    rates = PowerDecay(1.0, 100)(np.array([0, 100, 200, 300]))
    np.testing.assert_allclose(rates, [1, 1 / 2, 1 / 3, 1 / 4], rtol=1e-6)


def test_slower_than_exponential_as_the_document_says():
    steps = np.arange(1, 1000)
    power, exponential = PowerDecay(0.1, 100)(steps), ExponentialDecay(0.1, 100)(steps)
    assert (np.array(power) > np.array(exponential)).all()


def test_power_is_1_unless_told():
    assert PowerDecay(0.1, 100).power == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((0, 100), "initial_learning_rate is a finite number above 0, and got 0"),
        ((0.1, 0), "decay_steps is a finite number above 0, and got 0"),
        ((0.1, 100, -1), "power is a finite number above 0, and got -1"),
    ],
)
def test_what_it_refuses(options, message):
    with pytest.raises(InputError, match=message):
        PowerDecay(*options)
