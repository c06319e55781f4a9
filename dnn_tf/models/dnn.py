"""The document's construction phase: from inputs to logits."""

from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any

import keras

from dnn_tf import initializers
from dnn_tf.layers import NeuronLayer
from dnn_tf.types import InputError


def dnn(
    n_inputs: int = 28 * 28,
    hidden: Sequence[int] = (300, 100),
    n_outputs: int = 10,
    *,
    activation: Any = "relu",
    kernel_initializer: Any = None,
    layer: Callable[..., keras.Layer] = NeuronLayer,
    name: str = "dnn",
) -> keras.Model:
    """A deep neural network of dense layers that ends in logits.

    The layers have the document's names: `hidden1`, `hidden2`, ..., `outputs`. There is no softmax
    at the end: the loss is taken from the logits.

    Args:
        n_inputs: features of a sample.
        hidden: neurons of each hidden layer, from the input on. Default `(300, 100)`.
        n_outputs: classes.
        activation: of the hidden layers.
        kernel_initializer: how the weights start; see `dnn_tf.initializers.get`. `None` is the
            layer's own default: the document's truncated normal for `NeuronLayer`, Glorot's
            uniform for `keras.layers.Dense`, so the document's two variants do not start alike.
        layer: `NeuronLayer`, the document's own, or `keras.layers.Dense`, which stands for its
            `tf.layers.dense`.

        name: of the model.

    Raises:
        InputError: a size below 1; an initialiser that nobody knows.

    Shapes:
        `(batch, n_inputs)` -> `(batch, n_outputs)`.

    >>> dnn(n_inputs=4, hidden=(3,), n_outputs=2).count_params()  # (4 + 1) * 3 + (3 + 1) * 2
    23
    """
    for word, size in (("n_inputs", n_inputs), ("n_outputs", n_outputs)):
        if not isinstance(size, Integral) or isinstance(size, bool) or size < 1:
            raise InputError(f"{word} is a whole number, 1 or more, and got {size!r}")

    def start() -> dict[str, Any]:
        if kernel_initializer is None:
            return {}
        return {"kernel_initializer": initializers.get(kernel_initializer)}

    X = keras.Input((n_inputs,), name="X")
    z = X
    for number, units in enumerate(hidden, start=1):
        z = layer(units, activation=activation, name=f"hidden{number}", **start())(z)
    logits = layer(n_outputs, name="outputs", **start())(z)
    return keras.Model(X, logits, name=name)
