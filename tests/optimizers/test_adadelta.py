"""AdaDelta."""

import pytest

from dnn_tf.optimizers import AdaDelta
from dnn_tf.optimizers.adadelta import adadelta_update
from dnn_tf.types import InputError


def test_update_by_hand():
    """s = .5 * 12 + .5 * 4; the step is sqrt(3 + 1) / sqrt(8 + 1) * 2."""
    step, s, d = adadelta_update(g=2.0, s=12.0, d=3.0, rho=0.5, epsilon=1.0)
    assert s == 8.0
    assert float(step) == pytest.approx(4 / 3)
    assert float(d) == pytest.approx(0.5 * 3 + 0.5 * 16 / 9)


@pytest.mark.parametrize("gradient", [0.1, -9.0, 1e4])
def test_the_first_step_is_the_root_of_epsilon_by_one_minus_rho(walk, gradient):
    step = 1 - walk(AdaDelta(1, epsilon=1e-6), gradient, steps=1)[0]
    assert abs(step) == pytest.approx((1e-6 / 0.05) ** 0.5, rel=1e-2)
    assert step * gradient > 0


def test_steps_have_the_unit_of_the_weights(walk):
    """The same walk, whatever the loss is multiplied by."""
    one, other = (
        walk(AdaDelta(1, epsilon=1e-12), lambda w, a=a: a * w, steps=50) for a in (1, 1000)
    )
    assert one == pytest.approx(other, rel=1e-6)


def test_steps_grow_from_their_slow_start(walk):
    places = walk(AdaDelta(1), steps=1000)
    assert places[-2] - places[-1] > 1.5 * (1 - places[0])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"rho": 1}, "^rho is a number from 0 up to and without 1, and got 1$"),
        ({"epsilon": 0}, "^epsilon is a finite number above 0, and got 0$"),
    ],
)
def test_bad_numbers(words, message):
    with pytest.raises(InputError, match=message):
        AdaDelta(**words)
