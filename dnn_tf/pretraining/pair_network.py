"""Two towers that look at a pair, and a judge above them."""

from collections.abc import Sequence
from typing import Any

import keras

from dnn_tf import initializers
from dnn_tf.arguments import check_positive
from dnn_tf.layers import NeuronLayer
from dnn_tf.models.hidden_layers import Recipe
from dnn_tf.pretraining.hidden_network import hidden_network

TOWERS = ("A", "B")


def pair_network(
    n_inputs: int = 28 * 28,
    hidden: Sequence[int] = (100, 100, 100, 100, 100),
    *,
    judge: int = 10,
    n_outputs: int = 1,
    activation: Any = "elu",
    kernel_initializer: Any = None,
    name: str = "pair_network",
) -> keras.Model:
    """The network of the reference notebook's exercise 10 (handson-ml, chapter 11).

    Tower `A` sees the first of a pair and tower `B` the second, each with weights of its own; their
    last layers stand side by side below one more hidden layer, `judge`, and the logits, `outputs`.

    After training `network.get_layer("A")` is a network by itself, for
    `transfer.reuse(network.get_layer("A"), n_outputs, keep="all")`.

    Args:
        n_inputs: features of one example.
        hidden: neurons of the layers of each tower. Default: the notebook's.
        judge: neurons of the layer above both. Default 10, the notebook's.
        n_outputs: 1 for `losses.sigmoid_cross_entropy`, the notebook's; 2 for
            `losses.sparse_softmax_cross_entropy`.
        activation: see `models.dnn`.
        kernel_initializer: how the weights start. `None`: as `initializers.recommended` says.
        name: of the model.

    Raises:
        InputError: a size below 1, a name that nobody knows.

    Shapes:
        `(batch, 2, n_inputs)` -> `(batch, n_outputs)`.

    >>> network = pair_network(4, hidden=(3, 2))
    >>> [layer.name for layer in network.get_layer("A").layers]
    ['X', 'hidden1', 'hidden2']
    >>> network.count_params()  # 2 * (5 * 3 + 4 * 2) + (2 * 2 + 1) * 10 + 11
    107
    """
    check_positive(n_inputs=n_inputs, judge=judge, n_outputs=n_outputs)
    start = kernel_initializer or initializers.recommended(activation)
    X = keras.Input((2, n_inputs), name="X")
    seen = []
    for place, tower in enumerate(TOWERS):
        one = keras.layers.Cropping1D((place, 1 - place), name=f"pair_{tower}")(X)
        one = keras.layers.Reshape((n_inputs,), name=f"X_{tower}")(one)  # (batch, n_inputs)
        layers = hidden_network(
            n_inputs, hidden, activation=activation, kernel_initializer=start, name=tower
        )
        seen.append(layers(one))
    z = keras.layers.Concatenate(name="both")(seen)  # (batch, 2 * hidden[-1])
    z = Recipe(activation, start).checked().hidden_layer(z, judge, "judge", len(hidden) + 1)
    logits = NeuronLayer(n_outputs, name="outputs", kernel_initializer=start)(z)
    return keras.Model(X, logits, name=name)
