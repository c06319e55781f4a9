"""The loss that the gradients are of."""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from dnn_tf.types import InputError, Tensor

Total = Callable[[Any, Any], Tensor]
"""`(labels, outputs) -> ()`, with the penalties of the layers."""


def total_loss(model: keras.Model, loss: Any) -> Total:
    """What a training would make smaller: the mean over the rows, and the model's penalties.

    Args:
        model: compiled, where `loss` is `None`.
        loss: `None` for what the model is compiled with; a function `(labels, outputs) -> (batch,)`
            or a scalar, a `keras.losses.Loss`, or Keras' name of one; for a model of several
            outputs that gives a list, a list of these, whose losses are added up.

    Raises:
        InputError: no such loss.
    """
    if loss is None:
        if not model.compiled or model.loss is None:
            raise InputError(
                f"model {model.name!r} is not compiled, so it has no loss: give one, such as "
                "losses.sparse_softmax_cross_entropy"
            )
        return lambda y, outputs: model.compute_loss(y=y, y_pred=outputs, training=False)
    functions = [_function(one) for one in (loss if isinstance(loss, list | tuple) else [loss])]

    def total(y: Any, outputs: Any) -> Tensor:
        pairs = [(y, outputs)]
        if isinstance(loss, list | tuple):
            pairs = list(zip(keras.tree.flatten(y), keras.tree.flatten(outputs), strict=True))
        values = [
            tf.reduce_mean(function(*pair)) for function, pair in zip(functions, pairs, strict=True)
        ]
        parts = [*values, *model.losses]
        dtype = keras.backend.result_type("float32", *(part.dtype for part in parts))
        return tf.add_n([tf.cast(part, dtype) for part in parts])

    return total


def _function(given: Any) -> Callable[..., Any]:
    loss = given
    if isinstance(given, str):
        try:
            loss = keras.losses.get(given)
        except ValueError:
            loss = None
    if not callable(loss) or isinstance(loss, type | keras.metrics.Metric):
        raise InputError(
            f"loss is a function (labels, outputs) -> (batch,), a keras.losses.Loss or Keras' name "
            f"of one, and got {given!r}"
        )
    if not _is_of_keras(loss):
        return loss
    # As compile does for them: one label a row for one output a row.
    return lambda y, outputs: loss(y[:, None] if _lacks_axis(y, outputs) else y, outputs)


def _is_of_keras(loss: Any) -> bool:
    return str(getattr(loss, "__module__", "")).startswith("keras")


def _lacks_axis(y: Tensor, outputs: Tensor) -> bool:
    return len(outputs.shape) == 2 and outputs.shape[1] == 1 and len(y.shape) == 1
