"""Momentum."""

import pytest

from dnn_tf.optimizers import GradientDescent, Momentum
from dnn_tf.optimizers.momentum import momentum_update
from dnn_tf.schedules import PiecewiseConstant
from dnn_tf.types import InputError


def test_update_by_hand():
    assert momentum_update(g=4.0, m=2.0, learning_rate=0.5, momentum=0.5) == (3.0, 3.0)
    outside = momentum_update(4.0, 2.0, 0.5, 0.5, learning_rate_inside=False)
    assert outside == (2.5, 5.0)


@pytest.mark.parametrize("momentum", [0.5, 0.9, 0.98])
def test_steps_at_a_constant_gradient_grow_to_one_by_one_minus_momentum(walk, momentum):
    *_, before, last = walk(Momentum(0.01, momentum), steps=1500)
    assert before - last == pytest.approx(0.01 / (1 - momentum), rel=1e-6)


def test_without_momentum_it_is_gradient_descent(walk):
    assert walk(Momentum(0.1, 0.0)) == walk(GradientDescent(0.1))


def bowl(w):
    return 3 * w


def test_where_the_rate_stands_does_not_matter_while_it_is_constant(walk):
    inside, outside = (walk(Momentum(0.1, learning_rate_inside=i), bowl) for i in (True, False))
    assert inside == pytest.approx(outside, rel=1e-12)


def test_after_a_drop_the_old_steps_go_on_at_their_old_size_only_with_the_rate_inside(walk):
    """O1. Three gradients of 1 at the rate 1, then none: m is 1.75."""
    inside, outside = (
        walk(
            Momentum(PiecewiseConstant([2], [1.0, 0.1]), 0.5, learning_rate_inside=i),
            lambda w: 1.0 * (w > -3.25),
            steps=4,
        )
        for i in (True, False)
    )
    assert inside[:3] == outside[:3] == pytest.approx([0.0, -1.5, -3.25])
    assert inside[3] == pytest.approx(-3.25 - 0.875)
    assert outside[3] == pytest.approx(-3.25 - 0.0875)


@pytest.mark.parametrize("momentum", [1.0, -0.1, float("nan"), "0.9", True])
def test_bad_momentum(momentum):
    with pytest.raises(InputError, match="^momentum is a number from 0 up to and without 1, and"):
        Momentum(momentum=momentum)
