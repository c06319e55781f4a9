"""By name, into a file, and to the derivative."""

import keras
import pytest

from dnn_tf import activations, layers
from dnn_tf.activations.lookup import _NAMED
from dnn_tf.types import InputError


@pytest.mark.parametrize("name", _NAMED)
def test_name_there_and_back(name):
    function = activations.get(name)
    assert activations.get(activations.serialize(function)) is function


@pytest.mark.parametrize("name", ["leaky_relu", "relu", "elu", "softmax", "linear", "gelu"])
def test_keras_own_stays_keras_own(name):
    """Its leaky ReLU has another slope: by the bare name ours would come back."""
    theirs = getattr(keras.activations, name)
    assert activations.get(activations.serialize(theirs)) is theirs


def test_none_is_no_activation():
    assert activations.get(None) is activations.identity


def test_others_than_ours():
    assert activations.get("gelu") is keras.activations.gelu
    assert activations.get(activations.serialize(keras.activations.silu)) is keras.activations.silu
    layer = keras.layers.LeakyReLU(negative_slope=0.1)
    assert activations.get(layer) is layer
    again = activations.get(activations.serialize(layer))
    assert again.negative_slope == 0.1


@pytest.mark.parametrize("name", ["rellu", 3, {}])
def test_unknown(name):
    with pytest.raises(InputError, match=r"unknown activation .*: take one of identity, step"):
        activations.get(name)


@pytest.mark.parametrize("name", ["linear", "sigmoid", "tanh", "relu", "elu", "selu"])
def test_derivative_of_keras_own(name):
    theirs = getattr(keras.activations, name)
    assert activations.derivative(theirs) is activations.derivative(name)


def test_no_derivative_of_keras_leaky_relu_whose_slope_is_another():
    with pytest.raises(InputError, match="no derivative of 'leaky_relu' here"):
        activations.derivative(keras.activations.leaky_relu)


def test_a_class_is_no_activation():
    with pytest.raises(InputError, match=r"an activation is an instance: PReLU\(\), with brackets"):
        activations.get(layers.PReLU)


@pytest.mark.parametrize("name", ["softmax", "gelu"])
def test_no_derivative(name):
    with pytest.raises(InputError, match=f"no derivative of '{name}' here"):
        activations.derivative(name)
