"""The numbers of layers, by hand."""

import keras
import numpy as np
import pytest

from dnn_tf.diagnostics.looking import look
from dnn_tf.diagnostics.loss import total_loss
from dnn_tf.diagnostics.measuring import measured
from dnn_tf.diagnostics.updates import updates

K = keras.layers
X = np.array([[1.0, 2.0], [3.0, -4.0]], "float32")


def layers_of(*stack, x=X, rate=0.1):
    """With the sum of the outputs, a row, for a loss."""
    model = keras.Sequential([keras.Input(x.shape[1:]), *stack])
    seen = look(model, x, np.zeros((len(x), 3)), total_loss(model, lambda y, z: z[:, 0]))
    steps = updates(None, rate, seen.gradients, model.trainable_variables)
    return measured(seen, steps)


def test_by_hand():
    """z = (1, 3; relu) then 2 z: the loss is the mean of 2 relu(x_0)."""
    first = K.Dense(2, "relu", use_bias=False, kernel_initializer="identity", name="a")
    last = K.Dense(1, use_bias=False, kernel_initializer=lambda *_, **__: [[2.0], [0.0]], name="b")
    a, b = layers_of(first, last)
    assert (a.name, a.kind, a.shape, a.n_weights, a.activation) == ("a", "Dense", (2,), 4, "relu")
    assert (a.mean, a.mean_before) == (1.5, 0.5)  # of 1 2 3 0, and of 1 2 3 -4
    assert a.std == pytest.approx(np.std([1, 2, 3, 0]))
    assert a.std_before == pytest.approx(np.std([1, 2, 3, -4]))
    assert a.input_size == pytest.approx(np.sqrt(30 / 4))
    assert a.signal == pytest.approx(np.sqrt(14 / 30))
    assert a.forward == pytest.approx(np.var([1, 2, 3, 0]) / np.var([1, 2, 3, -4]))
    assert (a.dead, a.always_on, a.saturated) == (0.0, 0.5, None)
    # dL/dz at the logit is 1/2 a row; 2 times that goes down through the first weight.
    assert b.delta_norm == pytest.approx(np.sqrt(0.5))
    assert b.delta_share == 1.0
    assert a.delta_norm == pytest.approx(np.sqrt(2.0))
    assert a.delta_share == pytest.approx(2.0)
    # dL/dW of the last: the mean of the rows (1, 2) and (3, 0); of the first: of x, to its unit 1.
    assert b.gradient_norm == pytest.approx(np.hypot(2, 1))
    assert a.gradient_norm == pytest.approx(2 * np.hypot(2, -1))
    assert a.gradient_ratio == pytest.approx(2.0)
    assert b.update_ratio == pytest.approx(0.1 * np.hypot(2, 1) / 2)
    assert (a.is_output, b.is_output) == (False, True)
    assert (a.reads_input, b.reads_input) == (True, False)


def test_small_inputs_are_measured_against_1():
    """Or a layer above pixels that are nearly all 0 would seem to explode."""
    (layer,) = layers_of(K.Dense(1), x=X / 1000)
    assert layer.signal < 0.01


def test_what_is_frozen_and_what_has_no_weights():
    frozen = K.Dense(2, name="f", trainable=False)
    a, pool, b = layers_of(frozen, K.LayerNormalization(trainable=False), K.Dense(1))
    assert (a.trainable, a.gradient_norm, a.update_ratio) == (False, None, None)
    assert a.delta_norm is not None
    assert a.weight_norm > 0
    assert (pool.activation, pool.dead) == (None, None)
    assert b.gradient_ratio is None


def test_averages():
    fresh = K.BatchNormalization()
    assert layers_of(fresh, K.Dense(1))[0].shift is None  # it has never been trained
    frozen = K.BatchNormalization(trainable=False, epsilon=0.0)
    layer = layers_of(frozen, K.Dense(1))[0]
    # What it sees has the means 2 and -1 and the variances 1 and 9; it keeps 0 and 1.
    assert layer.shift == pytest.approx(np.sqrt((4 + 1) / 2))
    assert layer.stretch == pytest.approx(3.0)


def test_averages_of_channels_that_come_first():
    x = np.moveaxis(np.array([[[5.0, 0.0]] * 3], "float32"), -1, 1)  # (1, 2 channels, 3 places)
    frozen = K.BatchNormalization(axis=1, trainable=False, epsilon=1.0)
    layer = layers_of(frozen, K.Flatten(), K.Dense(1), x=x)[0]
    assert layer.shift == pytest.approx(np.sqrt(25 / 2 / 2))


@pytest.mark.parametrize("trainable", [True, False])
def test_one_value_a_feature_has_no_variance(trainable):
    norm = K.BatchNormalization(moving_mean_initializer="ones", trainable=trainable)
    layer = layers_of(norm, K.Dense(1), x=X[:1])[0]
    assert (layer.shift, layer.stretch) == (None, None)


def test_below_a_kernel_of_zeros():
    a, b = layers_of(K.Dense(2), K.Dense(1, kernel_initializer="zeros"))
    assert (a.below_zeros, b.below_zeros, a.delta_share) == (True, False, 0.0)
