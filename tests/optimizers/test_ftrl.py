"""FTRL."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.optimizers import FTRL, AdaGrad
from dnn_tf.optimizers.ftrl import ftrl_update
from dnn_tf.types import InputError

START = "initial_accumulator_value"


def test_update_by_hand():
    """n = 9 + 16; z = 1 + 4 - (5 - 3) / .5 * 2 = -3, of which l1 takes 1."""
    w, n, z = ftrl_update(w=2.0, g=4.0, n=9.0, z=np.float64(1), learning_rate=0.5, l1=1.0, l2=5.0)
    assert (n, z) == (25.0, -3.0)
    assert float(w) == pytest.approx((3 - 1) / (5 / 0.5 + 2 * 5))


def test_most_of_the_start_is_lost(walk):
    """O13: as in TF1 and Keras."""
    assert walk(FTRL(0.01), 0.5, steps=1)[0] == pytest.approx(0.457, abs=1e-3)
    assert walk(FTRL(0.01, keep_start=True), 0.5, steps=1)[0] == pytest.approx(0.991, abs=1e-3)


def test_a_weight_without_a_gradient_is_lost_at_once_unless_the_start_is_kept(walk):
    assert walk(FTRL(), 0.0) == [0.0] * 5
    assert walk(FTRL(keep_start=True), 0.0) == pytest.approx([1.0] * 5)


def test_without_penalties_and_with_its_start_it_is_adagrad(walk):
    def gradient(w):
        return 3 * w - 1

    ftrl = walk(FTRL(0.3, keep_start=True), gradient, steps=30)
    assert ftrl == pytest.approx(walk(AdaGrad(0.3, epsilon=0), gradient, steps=30), rel=1e-6)


def test_l1_gives_exact_zeros_until_the_gradients_outweigh_it(walk):
    optimizer = FTRL(0.1, l1_regularization_strength=0.35)
    *at_rest, moved = walk(optimizer, 0.1, steps=4, w=0.0)
    assert at_rest == [0.0] * 3
    assert moved < 0


def test_l2_shortens(walk):
    plain, penalised = (
        walk(FTRL(0.1, l2_regularization_strength=l2), 1.0, w=0.0)[-1] for l2 in (0.0, 5.0)
    )
    assert plain < penalised < 0


def test_beta_is_an_l2_strength_by_twice_the_rate(walk):
    one, other = (
        walk(FTRL(0.1, **words), 1.0)
        for words in ({"beta": 0.4}, {"l2_regularization_strength": 0.4 / (2 * 0.1)})
    )
    assert one == pytest.approx(other, rel=1e-6)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({START: 0}, f"^{START} is a finite number above 0, and got 0$"),
        ({"learning_rate_power": 0.5}, "^learning_rate_power is 0 or less, and got 0.5$"),
        ({"l1_regularization_strength": -1}, "^l1_regularization_strength is a finite number, 0"),
        ({"beta": -1}, "^beta is a finite number, 0 or more, and got -1$"),
    ],
)
def test_bad_numbers(words, message):
    with pytest.raises(InputError, match=message):
        FTRL(**words)


def test_a_falling_rate_shrinks_the_weights():
    """In TF1 and Keras too: the weight is proportional to the rate."""
    for make in (FTRL, keras.optimizers.Ftrl):
        weight, optimizer = keras.Variable([0.0]), make(1.0)
        optimizer.apply([tf.ones(1)], [weight])
        optimizer.learning_rate = 0.1
        optimizer.apply([tf.zeros(1)], [weight])
        first = -1 / 1.1**0.5
        assert float(weight[0]) == pytest.approx(first / 10, rel=1e-5)


def test_weight_decay_would_be_lost():
    with pytest.raises(InputError, match="take l2_regularization_strength"):
        FTRL(weight_decay=0.1)


def test_a_rate_of_0():
    with pytest.raises(InputError, match="learning_rate is a finite number above 0, and got 0"):
        FTRL(0)
