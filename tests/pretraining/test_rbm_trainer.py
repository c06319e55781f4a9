"""The step, in numbers that can be done by hand."""

import numpy as np
import pytest

from dnn_tf.layers import RBM
from dnn_tf.pretraining import rbm_trainer
from dnn_tf.pretraining.contrastive_divergence import Gradient
from dnn_tf.pretraining.rbm_trainer import RBMTrainer, decayed
from dnn_tf.types import DivergenceError


def certain_rbm(visible_bias=-100.0):
    """Its hidden unit is always on, and it always dreams of 0: nothing is left to chance."""
    rbm = RBM(1)
    rbm.build((None, 1))
    rbm.set_weights([np.array(w) for w in ([[0.0]], [100.0], [visible_bias])])
    return rbm


def trainer(rbm, x, rate=0.1, decay=0.0, jit_compile=False):
    return RBMTrainer(rbm, x, rate, decay, 1, False, 1, jit_compile)


def test_weight_decay_is_of_the_kernel_alone():
    found = decayed(Gradient(1.0, 2.0, 3.0), 10.0, 0.01)
    assert found == Gradient(0.9, 2.0, 3.0)


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


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_a_kernel_past_use_is_divergence(jit_compile):
    """Each step adds 600: the second is undone, and named by its epoch."""
    rbm = certain_rbm(visible_bias=-1e6)
    one = trainer(rbm, np.ones((3, 1), "float32"), rate=600, jit_compile=jit_compile)
    with pytest.raises(DivergenceError, match="step 2 of epoch 1 made a weight of RBM .* 1000;"):
        one.epoch(1, 0.0)
    np.testing.assert_allclose(rbm.kernel, [[600]])


def test_steps_are_counted_through_the_epoch():
    """The third step is the batch of what is left, and the one that is too large."""
    rbm = certain_rbm(visible_bias=-1e6)
    one = trainer(rbm, np.ones((5, 1), "float32"), rate=400)
    with pytest.raises(DivergenceError, match="step 3 of epoch 1 "):
        one.epoch(2, 0.0)
    rbm.kernel.assign([[0.0]])
    one = trainer(rbm, np.ones((1, 1), "float32"), rate=400)
    for _ in range(2):
        one.epoch(1, 0.0)
    with pytest.raises(DivergenceError, match="step 1 of epoch 3 "):
        one.epoch(1, 0.0)


@pytest.mark.parametrize(("visible", "advised"), [("binary", False), ("gaussian", True)])
def test_only_gaussian_units_are_advised_to_be_standardised(visible, advised):
    rbm = RBM(1, visible)
    rbm.build((None, 1))
    with pytest.raises(DivergenceError) as error:
        trainer(rbm, np.array([[1.0], [0]], "float32"), rate=1e9).epoch(2, 0.0)
    assert ("standardise" in str(error.value)) is advised
