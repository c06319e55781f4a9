"""Up, down, and far down."""

import numpy as np
import pytest

from dnn_tf.schedules import OneCycle
from dnn_tf.types import InputError

#   rate     max          /\
#                        /  \
#            max / 10   /    \
#            max / 10^4       `.____
#   step                0  45 90 100


def test_the_corners_by_default():
    rates = np.array(OneCycle(3.0, 1000)(np.arange(1200)))
    assert rates.argmax() == 450
    np.testing.assert_allclose(rates[[0, 450, 900, 1000]], [0.3, 3, 0.3, 0.0003], rtol=1e-6)
    assert (rates[1000:] == rates[1000]).all()


def test_up_takes_as_many_steps_as_down():
    rates = np.array(OneCycle(1.0, 200)(np.arange(181)))
    np.testing.assert_allclose(rates, rates[::-1], rtol=1e-5)
    np.testing.assert_allclose(np.diff(rates[:91]), 0.9 / 90, rtol=1e-4)


@pytest.mark.parametrize("total_steps", [1, 2, 7])
def test_few_steps_are_finite_and_end_low(total_steps):
    rates = np.array(OneCycle(1.0, total_steps)(np.arange(total_steps + 2)))
    assert np.isfinite(rates).all()
    assert rates.max() <= 1
    assert rates[total_steps] == np.float32(0.0001)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_learning_rate": 0}, "max_learning_rate is a finite number above 0, and got 0"),
        ({"total_steps": 0}, "total_steps is a whole number, 1 or more, and got 0"),
        ({"total_steps": 10.5}, "total_steps is a whole number, 1 or more, and got 10.5"),
        ({"initial_divisor": 0.5}, "initial_divisor is a finite number, 1 or more, and got 0.5"),
        ({"final_divisor": 0}, "final_divisor is a finite number, 1 or more, and got 0"),
        ({"final_share": 0}, "final_share is a finite number above 0, and got 0"),
        ({"final_share": 1}, "final_share is a number from 0 up to and without 1, and got 1"),
    ],
)
def test_what_it_refuses(options, message):
    with pytest.raises(InputError, match=message):
        OneCycle(**{"max_learning_rate": 1.0, "total_steps": 100} | options)
