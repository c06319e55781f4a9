"""Hidden layers without an output layer: what pretraining leaves behind."""

from collections.abc import Sequence
from typing import Any

import keras

from dnn_tf import initializers
from dnn_tf.arguments import check_positive
from dnn_tf.models.hidden_layers import Recipe
from dnn_tf.types import InputError


def hidden_network(
    n_inputs: int,
    hidden: Sequence[int],
    *,
    activation: Any = "elu",
    kernel_initializer: Any = None,
    name: str = "hidden_network",
) -> keras.Model:
    """The hidden layers of `models.dnn`, with its names: `X`, `hidden1`, `hidden2`, ...

    `transfer.reuse(network, n_outputs, keep="all")` puts an output layer on it.

    Args:
        n_inputs: features of a sample.
        hidden: neurons of each layer, from the input on; one layer or more.
        activation: see `models.dnn`.
        kernel_initializer: how the weights start. `None`: as `initializers.recommended` says.
        name: of the model.

    Raises:
        InputError: a size below 1, no layer, a name that nobody knows.

    Shapes:
        `(batch, n_inputs)` -> `(batch, hidden[-1])`.

    >>> [layer.name for layer in hidden_network(4, (3, 2)).layers]
    ['X', 'hidden1', 'hidden2']
    """
    check_positive(n_inputs=n_inputs)
    if not len(hidden):
        raise InputError("hidden is empty, and one layer or more was expected: name its neurons")
    start = kernel_initializer or initializers.recommended(activation)
    recipe = Recipe(activation, start).checked()
    X = keras.Input((n_inputs,), name="X")
    return keras.Model(X, recipe.hidden_layers(X, hidden), name=name)
