"""Hidden layers without an output layer."""

import numpy as np
import pytest

import dnn_tf
from dnn_tf import layers, transfer
from dnn_tf.pretraining import hidden_network
from dnn_tf.types import InputError

X = np.random.default_rng(1).normal(size=(7, 4)).astype("float32")


def test_is_a_network_of_models_without_its_outputs():
    whole = dnn_tf.models.dnn(4, (3, 2), 5, activation="elu")
    lower = hidden_network(4, (3, 2))
    assert [layer.name for layer in lower.layers] == [layer.name for layer in whole.layers][:-1]
    lower.set_weights(whole.get_weights()[:-2])
    logits = whole.get_layer("outputs")(lower(X))
    np.testing.assert_array_equal(logits, whole(X))


@pytest.mark.parametrize(("activation", "variance"), [("elu", 2), ("sigmoid", 2 / 1.25)])
def test_starts_as_recommended(activation, variance):
    kernel = hidden_network(400, (100,), activation=activation).get_layer("hidden1").kernel
    assert np.var(kernel) * 400 == pytest.approx(variance, rel=0.03)


def test_takes_an_activation_that_learns():
    network = hidden_network(4, (3, 2), activation="prelu")
    assert isinstance(network.get_layer("hidden2").activation, layers.PReLU)


def test_serves_transfer():
    lower = hidden_network(4, (3, 2))
    network = transfer.reuse(lower, 5, keep="all")
    assert [layer.name for layer in network.layers] == ["X", "hidden1", "hidden2", "outputs"]
    kept = network.get_layer("hidden2").kernel
    np.testing.assert_array_equal(kept, lower.get_layer("hidden2").kernel)


@pytest.mark.parametrize(
    ("n_inputs", "hidden", "message"),
    [
        (0, (3,), "n_inputs is a whole number, 1 or more"),
        (4, (), "hidden is empty, and one layer or more was expected"),
        (4, (3, 0), "hidden2 is a whole number, 1 or more"),
    ],
    ids=["no inputs", "no layer", "no neurons"],
)
def test_odd_sizes(n_inputs, hidden, message):
    with pytest.raises(InputError, match=message):
        hidden_network(n_inputs, hidden)
