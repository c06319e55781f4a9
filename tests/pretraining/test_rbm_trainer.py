"""The step, in numbers that can be done by hand."""

import numpy as np
import pytest

from dnn_tf.layers import RBM
from dnn_tf.pretraining import rbm_trainer
from dnn_tf.pretraining.contrastive_divergence import Directions
from dnn_tf.pretraining.rbm_trainer import RBMTrainer, decayed


def certain_rbm():
    """Its hidden unit is always on, and it always dreams of 0: nothing is left to chance."""
    rbm = RBM(1)
    rbm.build((None, 1))
    rbm.set_weights([np.array(w) for w in ([[0.0]], [100.0], [-100.0])])
    return rbm


def trainer(rbm, x, rate=0.1, decay=0.0, jit_compile=False):
    return RBMTrainer(rbm, x, rate, decay, 1, False, 1, jit_compile)


def test_weight_decay_is_of_the_kernel_alone():
    ways = decayed(Directions(1.0, 2.0, 3.0), 10.0, 0.01)
    assert ways == Directions(0.9, 2.0, 3.0)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_two_steps_by_hand(jit_compile):
    """`<v h>` is 1 in the data and 0 in the dream: m1 = 0.1; m2 = 0.05 + 0.1 (1 - 0.5 * 0.1)."""
    rbm = certain_rbm()
    one = trainer(rbm, np.ones((2, 1), "float32"), decay=0.5, jit_compile=jit_compile)
    assert one.epoch(batch_size=1, momentum=0.5) == pytest.approx(1)
    np.testing.assert_allclose(rbm.kernel, [[0.1 + 0.145]], rtol=1e-6)
    np.testing.assert_allclose(rbm.bias, [100])
    np.testing.assert_allclose(rbm.visible_bias, [-100 + 0.1 + 0.15], rtol=1e-6)


def test_what_the_momentum_remembers_outlives_the_epoch():
    rbm = certain_rbm()
    one = trainer(rbm, np.ones((1, 1), "float32"))
    one.epoch(1, 0.5)
    one.epoch(1, 0.9)
    np.testing.assert_allclose(rbm.kernel, [[0.1 + 0.09 + 0.1]], rtol=1e-6)


def test_the_last_batch_holds_what_is_left():
    rbm = certain_rbm()
    error = trainer(rbm, np.array([[1], [1], [0]], "float32")).epoch(2, 0.0)
    assert error == pytest.approx(2 / 3)  # each row counts the same


@pytest.mark.parametrize("steps_a_call", [1, 3])
def test_how_an_epoch_is_cut_shows_in_no_weight(monkeypatch, bars, steps_a_call):
    weights = []
    for steps in (100, steps_a_call):
        monkeypatch.setattr(rbm_trainer, "STEPS_A_CALL", steps)
        rbm = RBM(3, kernel_initializer="zeros")
        rbm.build((None, 4))
        trainer(rbm, bars.astype("float32")).epoch(10, 0.5)
        weights.append(rbm.get_weights())
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)
