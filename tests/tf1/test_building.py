"""The model of a network."""

import keras
import numpy as np
import pytest

from dnn_tf.layers import BatchNorm, NeuronLayer
from dnn_tf.tf1.building import build_model
from dnn_tf.tf1.network import find_network
from dnn_tf.types import InputError

RNG = np.random.default_rng(0)
VARIABLES = {
    "fc1/kernel": RNG.normal(size=(4, 5)),
    "fc1/bias": RNG.normal(size=5),
    "fc2/kernel": RNG.normal(size=(5, 3)),
    "fc2/bias": RNG.normal(size=3),
    "top/kernel": RNG.normal(size=(3, 2)),
    "top/bias": RNG.normal(size=2),
}
NORM = {f"fc1/bn/moving_{part}": RNG.uniform(1, 2, size=5) for part in ("mean", "variance")}


def build(activation="relu", variables=VARIABLES, activation_first=False):
    network = find_network(variables)
    return build_model(network, variables, activation, BatchNorm(0.99, 0.01), activation_first)


def test_is_made_of_our_layers_with_the_weights():
    model = build()
    assert [type(layer) for layer in model.layers] == [keras.layers.InputLayer, *[NeuronLayer] * 3]
    assert model.input_shape == (None, 4)
    for weight, value in zip(model.get_weights(), VARIABLES.values(), strict=True):
        np.testing.assert_array_equal(weight, value.astype("float32"))


@pytest.mark.parametrize("first", [False, True])
def test_normalisation_before_or_after_the_activation(first):
    model = build("tanh", VARIABLES | NORM, first)
    names = [layer.name for layer in model.layers]
    assert names == ["X", "fc1", "fc1_bn", *([] if first else ["fc1_activation"]), "fc2", "top"]
    assert (model.get_layer("fc1_bn").momentum, model.get_layer("fc1_bn").epsilon) == (0.99, 0.01)


def test_normalised_inputs():
    norm = {f"bn/moving_{part}": RNG.uniform(1, 2, size=4) for part in ("mean", "variance")}
    assert [layer.name for layer in build(variables=VARIABLES | norm).layers][:3] == [
        "X", "X_bn", "fc1",
    ]  # fmt: skip


def test_one_activation_a_layer():
    model = build(["tanh", keras.layers.LeakyReLU(0.2)])
    assert model.get_layer("fc1").activation.__name__ == "tanh"
    assert model.get_layer("fc2").activation.negative_slope == 0.2
    assert model.get_layer("top").activation.__name__ == "identity"


@pytest.mark.parametrize(
    ("activation", "message"),
    [
        (["relu"], r"lists 1 for 2 hidden layers \(fc1, fc2\)"),
        ("raylu", "unknown activation 'raylu'"),
        ("prelu", "'prelu' has weights of its own"),
        ("maxout", "'maxout' has weights of its own"),
    ],
)
def test_an_activation_that_cannot_be(activation, message):
    with pytest.raises(InputError, match=message):
        build(activation)
