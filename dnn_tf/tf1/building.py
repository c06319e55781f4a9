"""The model, built of this package's layers and filled with the numbers of a checkpoint."""

from collections.abc import Sequence
from typing import Any

import keras

from dnn_tf.layers import BatchNorm, NeuronLayer
from dnn_tf.models.hidden_layers import Recipe
from dnn_tf.tf1.network import Network
from dnn_tf.tf1.reader import Variables
from dnn_tf.tf1.weights import layer_weights
from dnn_tf.types import InputError, Tensor


def build_model(
    network: Network,
    variables: Variables,
    activation: Any,
    batch_norm: BatchNorm,
    activation_first: bool,
) -> keras.Model:
    """The model of a network.

    Args:
        network: the layers and their variables.
        variables: the numbers.
        activation: of the hidden layers: one for all, or a list of one each.
        batch_norm: what the normalisations are like.
        activation_first: whether they follow the activation.

    Raises:
        InputError: an activation that nobody knows, with weights of its own, or too few or too
            many; numbers that cannot be.
    """
    weights = {part.layer: layer_weights(part, variables) for part in network.parts}
    *hidden, outputs = [part.layer for part in network.dense]
    normalised = Recipe(batch_norm=batch_norm).normalised

    def with_norm(z: Tensor, number: int) -> Tensor:
        norm = network.norms.get(number)
        return normalised(z, norm.layer, number) if norm else z

    X = keras.Input((weights[network.dense[0].layer][0].shape[0],), name="X")
    z = with_norm(X, 0)
    recipes = _one_a_layer(activation, hidden)
    for number, (name, recipe) in enumerate(zip(hidden, recipes, strict=True), start=1):
        units = weights[name][0].shape[1]
        if activation_first or number not in network.norms:
            z = with_norm(recipe.hidden_layer(z, units, name, number), number)
        else:
            recipe = recipe._replace(batch_norm=batch_norm)
            z = recipe.hidden_layer(z, units, name, number)
    z = NeuronLayer(weights[outputs][0].shape[1], name=outputs)(z)
    model = keras.Model(X, with_norm(z, len(network.dense)), name=network.name)

    for layer in model.layers:
        values = weights.get(layer.name, [])
        if [weight.shape for weight in layer.weights] != [value.shape for value in values]:
            raise InputError(
                f"activation={activation!r} has weights of its own, which are not in the "
                "checkpoint: take an activation without"
            )
        layer.set_weights(values)
    return model


def _one_a_layer(activation: Any, hidden: Sequence[str]) -> list[Recipe]:
    if not isinstance(activation, list | tuple):
        return [Recipe(activation) for _ in hidden]
    if len(activation) != len(hidden):
        raise InputError(
            f"activation lists {len(activation)} for {len(hidden)} hidden layers "
            f"({', '.join(hidden)}): give one for all, or one for each"
        )
    return [Recipe(own) for own in activation]
