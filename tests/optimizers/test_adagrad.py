"""AdaGrad."""

import pytest

from dnn_tf.optimizers import AdaGrad
from dnn_tf.optimizers.adagrad import adagrad_update
from dnn_tf.types import InputError


def test_update_by_hand():
    assert adagrad_update(g=3.0, s=16.0, learning_rate=0.5, epsilon=0) == (0.3, 25.0)
    step, _ = adagrad_update(3.0, 16.0, 0.5, epsilon=1.0, epsilon_inside=False)
    assert step == 0.25


@pytest.mark.parametrize("gradient", [1e-3, 1.0, -50.0])
def test_steps_shrink_like_one_by_root_t_whatever_the_gradient(walk, gradient):
    optimizer = AdaGrad(0.1, initial_accumulator_value=0, epsilon=1e-30)
    places = [1.0, *walk(optimizer, gradient, steps=100)]
    for t in (1, 4, 100):
        step = abs(places[t] - places[t - 1])
        assert step == pytest.approx(0.1 / t**0.5, rel=1e-6)


def test_a_weight_without_a_gradient_stays(walk):
    """Also without epsilon, where the accumulator starts above 0."""
    assert walk(AdaGrad(epsilon=0), 0.0) == [1.0] * 5
    assert walk(AdaGrad(initial_accumulator_value=0), 0.0) == [1.0] * 5


@pytest.mark.parametrize("inside", [True, False])
def test_zero_by_zero_is_refused(inside):
    with pytest.raises(InputError, match="both 0, .* take a small epsilon, such as 1e-30$"):
        AdaGrad(initial_accumulator_value=0, epsilon=0, epsilon_inside=inside)


@pytest.mark.parametrize("word", ["initial_accumulator_value", "epsilon"])
def test_bad_numbers(word):
    with pytest.raises(InputError, match=f"^{word} is a finite number, 0 or more, and got -1$"):
        AdaGrad(**{word: -1})
