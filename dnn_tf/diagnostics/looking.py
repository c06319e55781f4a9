"""One call of the model forward and back, with everything that is to be measured."""

from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from dnn_tf.diagnostics.door import check_against, check_inputs
from dnn_tf.diagnostics.loss import Total
from dnn_tf.diagnostics.recording import Call, recording
from dnn_tf.types import InputError, Tensor, first_line

_FLOAT16_SCALE = 1024.0
"""A power of two, so that it changes no digit; without it small gradients of float16 would be 0."""


@dataclass
class Look:
    """What one look brought.

    Args:
        loss: with the penalties.
        calls: of the layers, in their order.
        answers: the numbers of the calls whose outputs are outputs of the model.
        deltas: `dL / dz` of each call, or without an activation `dL / d outputs`; `None` where the
            loss does not depend on them.
        handed: `dL / d outputs` of each call.
        sent_back: `dL / d inputs` of each call, of its first floating input.
        gradients: `dL / dw` by the `id` of the weight; `None` where the loss does not depend on it.
        outside: weights that are trained and belong to no layer that was seen.
        differentiated: whether gradients were taken: the loss is finite.
    """

    loss: float
    calls: list[Call]
    answers: set[int]
    deltas: list[Tensor | None]
    handed: list[Tensor | None]
    sent_back: list[Tensor | None]
    gradients: dict[int, Tensor | None]
    outside: list[keras.Variable]
    differentiated: bool = True


def look(model: keras.Model, x: Any, y: Any, loss: Total, sparse: bool = False) -> Look:
    """Calls the model as a step of training does, without chance, and differentiates the loss.

    Random layers are in inference mode (no dropout, no noise), and so is every other layer but the
    batch normalisations that are trained: those take mean and variance of these rows, as in a step
    of training, also one that the model calls with `training=False` itself. Else, where there is
    no dropout, these are the gradients of `model(x, training=True)`.
    The averages of the batch normalisations move: see `restoring.unchanged`.

    Of a loss that is not finite no gradients are taken.

    Args:
        model: built.
        x, y: arrays, as the model and the loss take them.
        loss: with the penalties.
        sparse: whether it takes class numbers.

    Raises:
        InputError: the model cannot take the rows; the loss cannot be taken of its outputs, or
            depends on no weight.
    """
    check_inputs(model, x)
    x = _tensors(model, x)
    labels = keras.tree.map_structure(tf.convert_to_tensor, y)
    weights = model.trainable_variables
    half = any(layer.compute_dtype == "float16" for layer in model._flatten_layers())
    scale = _FLOAT16_SCALE if half else 1.0
    with tf.GradientTape() as tape:
        with recording(model, tape, x) as calls:
            outputs = _called(model, x)
        if not calls:
            raise InputError(
                f"no layer of model {model.name!r} was seen at work, for its call is compiled: "
                "take tf.function off, or inspect the models it consists of"
            )
        check_against(outputs, y, sparse)
        value = _loss(loss, labels, outputs, x)
        scaled = value * scale
    finite = bool(tf.math.is_finite(value))
    sources = [
        [weight.value for weight in weights],
        [call.outputs if call.before is None else call.before for call in calls],
        [call.outputs for call in calls],
        [call.inputs[0] if call.inputs else call.outputs for call in calls],
    ]
    of_weights, deltas, handed, sent_back = (
        tape.gradient(scaled, sources) if finite else [[None] * len(part) for part in sources]
    )
    of_weights = [_true(g, scale) for g in of_weights]
    if finite and not any(g is not None for g in of_weights) and weights:
        raise InputError(
            f"the loss does not depend on any weight of model {model.name!r}: give the loss the "
            "outputs it is made for"
        )
    reached = [n for n, delta in enumerate(deltas) if delta is not None or not finite]
    seen = {id(weight) for call in calls for weight in call.layer.weights}
    return Look(
        float(value),
        calls,
        _answers(calls, keras.tree.flatten(outputs)) or set(reached[-1:]),
        [_true(delta, scale) for delta in deltas],
        [_true(delta, scale) for delta in handed],
        [
            _true(delta, scale) if call.inputs else None
            for call, delta in zip(calls, sent_back, strict=True)
        ],
        {id(weight): g for weight, g in zip(weights, of_weights, strict=True)} if finite else {},
        [weight for weight in weights if id(weight) not in seen],
        finite,
    )


def _answers(calls: list[Call], outputs: list[Any]) -> set[int]:
    """The calls whose outputs the model gives, as they are or reshaped or in another dtype."""
    found = set()
    for output in outputs:
        same = [n for n, call in enumerate(calls) if call.outputs is output]
        same = same or [n for n, call in enumerate(calls) if _same_numbers(call.outputs, output)]
        found |= set(same[-1:])
    return found


def _same_numbers(one: Tensor, other: Any) -> bool:
    if not tf.is_tensor(other) or tf.size(one) != tf.size(other) or not other.dtype.is_floating:
        return False
    wide = [tf.reshape(tf.cast(values, other.dtype), [-1]) for values in (one, other)]
    return bool(tf.reduce_all(wide[0] == wide[1]))


def _true(gradient: Any, scale: float) -> Tensor | None:
    if gradient is None:
        return None
    dense = tf.convert_to_tensor(gradient)
    return tf.cast(dense, tf.float32 if dense.dtype.size < 4 else dense.dtype) / scale


def _tensors(model: keras.Model, x: Any) -> Any:
    """In the types that the model takes, so that Keras takes these very tensors."""
    inputs = getattr(model, "inputs", None)
    if inputs:
        types = iter([one.dtype for one in inputs])
        return keras.tree.map_structure(lambda one: tf.cast(one, next(types)), x)
    floatx = keras.config.floatx()
    return keras.tree.map_structure(
        lambda one: tf.cast(one, floatx) if one.dtype.kind in "bf" else tf.convert_to_tensor(one),
        x,
    )


def _called(model: keras.Model, x: Any) -> Any:
    try:
        return model(x, training=False)
    except InputError:
        raise
    except Exception as error:  # whatever Keras and TensorFlow make of rows that do not fit
        raise InputError(
            f"model {model.name!r} cannot take these rows ({first_line(error)}): give x in the "
            "form that the model is called with"
        ) from error


def _loss(loss: Total, y: Any, outputs: Any, x: Any) -> Tensor:
    try:
        value = loss(y, outputs, x)
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"the loss cannot be taken of these labels and outputs ({first_line(error)}): give y "
            "in the form that the loss is made for"
        ) from error
    if not tf.is_tensor(value) or value.shape.rank != 0:
        raise InputError(f"the loss gave {value!r}, and a number was expected")
    return value
