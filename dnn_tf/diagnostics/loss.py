"""The loss that the gradients are of."""

import inspect
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from dnn_tf.types import InputError, Tensor

Total = Callable[[Any, Any, Any], Tensor]
"""`(labels, outputs, inputs) -> ()`, with the penalties of the layers."""


def total_loss(model: keras.Model, loss: Any) -> Total:
    """What a training would make smaller: the mean over the rows, and the model's penalties.

    Args:
        model: compiled, where `loss` is `None`.
        loss: `None` for what the model is compiled with; a function `(labels, outputs) -> (batch,)`
            or a scalar, a `keras.losses.Loss`, or Keras' name of one; for a model of several
            outputs that gives a list, a list of these, whose losses are added up. Labels `(batch,)`
            for outputs `(batch, 1)` get that axis, as in Keras.

    Raises:
        InputError: no such loss.
    """
    if loss is None:
        return _compiled(model)
    functions = [_function(one) for one in (loss if isinstance(loss, list | tuple) else [loss])]

    def total(y: Any, outputs: Any, x: Any = None) -> Tensor:  # noqa: ARG001
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


def is_sparse(loss: Any) -> bool:
    """Whether a loss, or one of several, takes class numbers, as far as its name says.

    >>> is_sparse("sparse_categorical_crossentropy"), is_sparse("mse")
    (True, False)
    """
    return any(
        "sparse" in str(getattr(one, "__name__", getattr(one, "name", one))).lower()
        for one in keras.tree.flatten(loss)
    )


def _compiled(model: keras.Model) -> Total:
    """The loss that a model is compiled with, or computes itself, or adds up in its layers."""
    own = type(model).compute_loss is not keras.Model.compute_loss
    missing = InputError(
        f"model {model.name!r} is not compiled with a loss: give one, such as "
        "losses.sparse_softmax_cross_entropy"
    )
    if not model.compiled:
        raise missing
    words = inspect.signature(model.compute_loss).parameters
    takes_all = any(word.kind is word.VAR_KEYWORD for word in words.values())

    def total(y: Any, outputs: Any, x: Any = None) -> Tensor:
        if model.loss is None and not own and not model.losses:
            raise missing
        given = {"x": x, "y": y, "y_pred": outputs, "training": False}
        return model.compute_loss(**{k: v for k, v in given.items() if takes_all or k in words})

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
    return lambda y, outputs: loss(_aligned(y, outputs), outputs)


def _aligned(y: Any, outputs: Any) -> Any:
    """As compile does: one label for one output, or `y - outputs` would have a row a pair of rows.

    Shapes:
        `(batch,)` for outputs `(batch, 1)` -> `(batch, 1)`; `(batch, 1)` for `(batch,)` -> that.
    """
    if not tf.is_tensor(y) or not tf.is_tensor(outputs):
        return y
    more = len(outputs.shape) - len(y.shape)
    if more == 1 and outputs.shape[-1] == 1:
        return y[..., None]
    if more == -1 and y.shape[-1] == 1:
        return y[..., 0]
    return y
