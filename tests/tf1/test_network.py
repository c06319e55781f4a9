"""The dense network among the variables."""

from itertools import pairwise

import numpy as np
import pytest

from dnn_tf.tf1.network import find_network
from dnn_tf.types import InputError


def variables(shapes):
    return {name: np.zeros(shape, "float32") for name, shape in shapes.items()}


def dense(scope, *sizes):
    """Kernels and biases under `scope`, which may hold `{}` for the number of the layer."""
    shapes = {}
    for number, (inputs, units) in enumerate(pairwise(sizes), start=1):
        shapes[f"{scope.format(number)}/kernel"] = (inputs, units)
        shapes[f"{scope.format(number)}/bias"] = (units,)
    return shapes


CONV = {"conv1/kernel": (3, 3, 1, 32), "conv1/bias": (32,)}


def layers(network):
    return [part.layer for part in network.parts]


def test_layers_and_normalisations_in_order():
    moving = {"moving_mean": (3,), "moving_variance": (3,)}
    network = find_network(
        variables(
            {**dense("dnn/hidden{}", 4, 3, 2)}
            | {f"dnn/bn/{part}": shape for part, shape in moving.items()}
        )
    )
    assert network.name == "dnn"
    assert layers(network) == ["hidden1", "hidden1_bn", "hidden2"]
    assert network.parts[1].variables == {
        "gamma": None,
        "beta": None,
        "moving_mean": "dnn/bn/moving_mean",
        "moving_variance": "dnn/bn/moving_variance",
    }
    assert network.left_out == {}


def test_an_estimator_of_tf_contrib_learn():
    slot = "dnn/dnn/hiddenlayer_0/kernel/part_0/Adagrad"
    shapes = {**dense("dnn/hiddenlayer_{}", 4, 3, 3), **dense("dnn/logits", 3, 2), slot: (4, 3)}
    network = find_network(variables(shapes))
    assert layers(network) == ["hiddenlayer_1", "hiddenlayer_2", "logits"]
    assert list(network.left_out) == [slot]


def test_of_several_networks_one_is_chosen():
    both = variables(
        {**dense("DNN_A/hidden{}", 4, 3, 2), **dense("DNN_B/hidden{}", 4, 3, 2), "step": ()}
    )
    with pytest.raises(InputError, match=r"several networks .*scope= one of DNN_A, DNN_B"):
        find_network(both)
    network = find_network(both, scope="DNN_B")
    assert network.parts[0].variables["kernel"] == "DNN_B/hidden1/kernel"
    assert network.left_out["DNN_A/hidden1/bias"] == "not in the scope DNN_B"
    assert "counter" in network.left_out["step"]
    with pytest.raises(InputError, match=r"no weights in a scope 'DNN_C': there are DNN_A, DNN_B"):
        find_network(both, scope="DNN_C")


def test_one_network_in_two_scopes_needs_no_choice():
    network = find_network(
        variables({**dense("encoder/fc{}", 8, 4, 2), **dense("decoder/fc{}", 2, 5, 6)})
    )
    assert layers(network) == ["encoder_fc1", "encoder_fc2", "decoder_fc1", "decoder_fc2"]


def test_a_graph_that_was_built_twice_is_an_error():
    twice = variables({**dense("hidden{}", 4, 3, 2), **dense("hidden{}_1", 4, 3, 2)})
    with pytest.raises(InputError, match=r"do not follow one another"):
        find_network(twice)
    network = find_network(twice, layers=["hidden1_1", "hidden2_1"])
    assert layers(network) == ["hidden1_1", "hidden2_1"]
    assert network.left_out["hidden1/bias"] == "not among the layers asked for"


@pytest.mark.parametrize("shapes", [CONV, {}, {"a/bias": (3,)}, {"rnn/kernel": (178, 150)}])
def test_without_a_dense_network(shapes):
    held = next(iter(shapes), "nothing")
    with pytest.raises(InputError, match=f"holds no dense network: .* there is .*{held}"):
        find_network(variables(shapes))


@pytest.mark.parametrize(
    "strangers",
    [
        CONV,
        {"rnn/basic_rnn_cell/kernel": (7, 4)},
        {"prelu/alpha": (3,)},
        {"scale": (3,)},
    ],
)
def test_more_than_a_dense_network_is_not_taken_for_one(strangers):
    shapes = {**dense("fc{}", 4, 3, 2), **strangers}
    with pytest.raises(
        InputError, match=r"more than a dense network \(.*layers=\[\.\.\.\], of fc1"
    ):
        find_network(variables(shapes))
    assert layers(find_network(variables(shapes), layers=["fc1", "fc2"])) == ["fc1", "fc2"]
