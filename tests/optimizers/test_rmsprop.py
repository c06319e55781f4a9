"""RMSProp."""

import pytest

from dnn_tf.optimizers import GradientDescent, RMSProp
from dnn_tf.optimizers.rmsprop import rmsprop_update
from dnn_tf.types import InputError


def test_update_by_hand():
    assert rmsprop_update(g=4.0, s=2.0, learning_rate=0.5, rho=0.5, epsilon=0) == (2 / 3, 9.0)
    step, _ = rmsprop_update(4.0, 2.0, 0.5, 0.5, epsilon=1.0, epsilon_inside=False)
    assert step == 0.5


def first_step(walk, gradient, **words):
    return 1 - walk(RMSProp(0.01, epsilon=1e-10, **words), gradient, steps=1)[0]


def test_the_start_decides_the_first_step(walk):
    """O9: at the gradient .5, Keras' first step is six times TF1's."""
    zeros, ones = (first_step(walk, 0.5, start=start) for start in ("zeros", "ones"))
    assert ones == pytest.approx(0.005 / 0.925**0.5)
    assert zeros == pytest.approx(0.005 / 0.025**0.5)
    assert zeros / ones == pytest.approx(6.08, abs=0.01)


def test_from_zeros_the_first_step_is_longer_by_one_by_the_root_of_one_minus_rho(walk):
    for rho in (0.9, 0.99):
        step = first_step(walk, 7.0, rho=rho)
        assert step == pytest.approx(0.01 / (1 - rho) ** 0.5)


def test_from_ones_the_first_step_is_nearly_gradient_descents(walk):
    step = 1 - walk(GradientDescent(0.01), 0.1, steps=1)[0]
    assert first_step(walk, 0.1, start="ones", rho=0.99) == pytest.approx(step, rel=0.01)


@pytest.mark.parametrize("gradient", [0.003, -4.0])
def test_from_the_first_gradient_the_first_step_is_the_rate_against_the_sign(walk, gradient):
    """E33: with the s0 = g0 that the document prints for the root, both would step down."""
    step = first_step(walk, gradient, start="first_gradient")
    assert step == pytest.approx(0.01 if gradient > 0 else -0.01, rel=1e-4)
    as_printed = 0.01 * gradient / gradient
    assert as_printed == 0.01


def test_forgets_where_adagrad_does_not(walk):
    *_, before, last = walk(RMSProp(0.01), steps=500)
    assert before - last == pytest.approx(0.01, rel=1e-5)


def test_with_momentum_steps_grow_to_one_by_one_minus_momentum(walk):
    *_, before, last = walk(RMSProp(0.01, momentum=0.9), steps=500)
    assert before - last == pytest.approx(0.1, rel=1e-5)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"rho": 1.0}, "^rho is a number from 0 up to and without 1, and got 1.0$"),
        ({"momentum": -1}, "^momentum is a number from 0"),
        ({"epsilon": 0}, "^epsilon is a finite number above 0, and got 0$"),
        ({"start": "tens"}, "^start is one of zeros, ones, first_gradient, and got 'tens'$"),
    ],
)
def test_bad_words(words, message):
    with pytest.raises(InputError, match=message):
        RMSProp(**words)
