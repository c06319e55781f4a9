"""What the tables do not say of NeuronLayer."""

import keras
import numpy as np
import pytest

from dnn_tf.layers import NeuronLayer
from dnn_tf.types import InputError


def test_by_hand():
    layer = NeuronLayer(2, "relu")
    layer.build((None, 2))
    layer.set_weights([np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([0.5, 0.5])])
    np.testing.assert_array_equal(layer(np.array([[1.0, 1.0]])), [[4.5, 0.0]])


def test_is_keras_dense_with_the_same_weights():
    x = np.random.default_rng(0).normal(size=(5, 4))
    ours, theirs = NeuronLayer(3, "elu"), keras.layers.Dense(3, "elu")
    ours(x), theirs(x)
    theirs.set_weights(ours.get_weights())
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-6, atol=1e-6)


def test_starts_as_printed_with_zero_bias():
    layer = NeuronLayer(300)
    layer.build((None, 784))
    assert float(keras.ops.std(layer.kernel)) == pytest.approx(0.8796 * 2 / 28, rel=5e-3)
    assert not layer.bias.numpy().any()
    assert [weight.name for weight in layer.weights] == ["kernel", "bias"]


@pytest.mark.parametrize("units", [0, -1, 2.5, True, "3"])
def test_whole_number_of_units(units):
    with pytest.raises(InputError, match="units is a whole number, 1 or more, and got"):
        NeuronLayer(units)


@pytest.mark.parametrize("shape", [(None,), (None, None)])
def test_features_of_known_size(shape):
    with pytest.raises(InputError, match="rows of a known number of features"):
        NeuronLayer(3).build(shape)


def test_other_input_later_is_refused():
    layer = NeuronLayer(3)
    layer(np.zeros((2, 4)))
    with pytest.raises(ValueError, match="expected axis -1 of input shape to have value 4"):
        layer(np.zeros((2, 5)))


def test_hands_a_mask_on():
    inputs = keras.Input((5, 3))
    y = NeuronLayer(4)(keras.layers.Masking()(inputs))
    x = np.ones((1, 5, 3), "float32")
    x[0, 3:] = 0
    model = keras.Model(inputs, keras.layers.RNN(keras.layers.LSTMCell(2))(y))
    np.testing.assert_allclose(model(x), model.layers[-1](model.layers[-2](x[:, :3])), rtol=1e-5)


@pytest.mark.parametrize("depth", [2, 5])
def test_linear_layers_are_one_linear_layer(depth):
    """A15."""
    x = np.random.default_rng(0).normal(size=(7, 4))
    stack = [NeuronLayer(6, bias_initializer="ones") for _ in range(depth)]
    y, W, b = x, np.eye(4), np.zeros(4)
    for layer in stack:
        y = layer(y)
        W_l, b_l = (w.astype("float64") for w in layer.get_weights())
        W, b = W @ W_l, b @ W_l + b_l
    one = NeuronLayer(6)
    one(x)
    one.set_weights([W, b])
    np.testing.assert_allclose(one(x), y, rtol=1e-4, atol=1e-4)
