"""Loss scaling that has nowhere left to go."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.optimizers import GradientDescent, LayerwiseRates
from dnn_tf.training.loss_scale import LossScale, unwrapped
from dnn_tf.types import DivergenceError


def test_the_innermost_takes_the_steps():
    inner = GradientDescent()
    rates = LayerwiseRates(inner, {})
    for optimizer in (inner, rates, keras.optimizers.LossScaleOptimizer(rates)):
        assert unwrapped(optimizer) is inner


def test_an_optimiser_without_a_scale_is_sound():
    assert LossScale(GradientDescent()).is_sound()


@pytest.mark.parametrize(
    ("start", "scale", "sound"),
    [(8, 1, True), (8, 0.5, False), (0.25, 0.25, True), (0.25, 0.125, False)],
)
def test_from_1_on_or_its_start(start, scale, sound):
    optimizer = keras.optimizers.LossScaleOptimizer(GradientDescent(), initial_scale=start)
    optimizer.build([keras.Variable([1.0])])
    optimizer.dynamic_scale.assign(scale)
    assert LossScale(optimizer).is_sound() == sound


def half_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        return dnn_tf.models.dnn(6, (8,), 3)
    finally:
        keras.config.set_dtype_policy("float32")


def train(model, x, **words):
    dnn_tf.fit(
        model, (x, np.zeros(len(x), int)), loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=GradientDescent(0.01), epochs=40, batch_size=len(x), **words,
    )  # fmt: skip


def test_a_scale_that_starts_too_large_is_no_fault():
    """Features of 300 make gradients too large for float16 times 2^15, and sound by themselves."""
    model = half_precision()
    before = model.get_weights()[0]
    train(model, np.full((10, 6), 300.0, "float32"))
    assert float(model.optimizer.dynamic_scale) < 2**15
    assert (model.get_weights()[0] != before).any()


def test_gradients_that_no_scale_makes_finite_end_training():
    """1e5 is no number in float16; ReLU may hide it from the loss, not from the gradients."""
    model = half_precision()
    before = model.get_weights()
    with pytest.raises(DivergenceError, match="of the epoch"):
        train(model, np.full((10, 6), 1e5, "float32"))
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
