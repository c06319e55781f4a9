"""From one look at the model to the numbers of its layers."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from dnn_tf.diagnostics.layer_health import LayerHealth
from dnn_tf.diagnostics.looking import Look
from dnn_tf.diagnostics.measures import (
    norm,
    off_averages,
    ratio,
    saturated_share,
    size,
    zero_shares,
)
from dnn_tf.diagnostics.recording import Call
from dnn_tf.types import Tensor


def measured(seen: Look, updates: Mapping[int, Tensor]) -> tuple[LayerHealth, ...]:
    """The numbers of each call, from the inputs to the outputs, not yet judged.

    Args:
        seen: what `looking.look` brought.
        updates: what the next step adds to each weight, by its `id`.
    """
    with np.errstate(all="ignore"):  # of numbers that are infinite
        return _measured(seen, updates)


def _measured(seen: Look, updates: Mapping[int, Tensor]) -> tuple[LayerHealth, ...]:
    read = [size(_array(one)) for call in seen.calls if call.reads_input for one in call.inputs]
    scale = max(1.0, *read) if read else 1.0
    deltas = [None if delta is None else norm(_array(delta)) for delta in seen.deltas]
    answers = [deltas[number] or 0.0 for number in seen.answers]
    top = norm(np.array(answers)) or next((delta for delta in reversed(deltas) if delta), None)
    found: list[LayerHealth] = []
    above: float | None = None
    below_zeros = False
    for number in reversed(range(len(seen.calls))):
        call = seen.calls[number]
        weights = _of_weights(call, seen.gradients, updates)
        found.append(
            LayerHealth(
                **_of_call(call, scale),
                is_output=number in seen.answers,
                differentiated=seen.differentiated,
                below_zeros=below_zeros,
                delta_norm=deltas[number],
                delta_share=ratio(deltas[number], top),
                backward=_backward(seen.sent_back[number], seen.handed[number]),
                gradient_ratio=ratio(weights["gradient_norm"], above),
                **weights,
            )
        )
        above = weights["gradient_norm"] if weights["gradient_norm"] is not None else above
        below_zeros |= _starts_from_zeros(call.layer)
    return tuple(reversed(found))


def _starts_from_zeros(layer: keras.Layer) -> bool:
    """Whether it has a trained kernel, or the scale of a normalisation, that is all zeros."""
    return any(
        weight.name.endswith(("kernel", "gamma")) and not np.any(_array(weight.value))
        for weight in layer.trainable_variables
    )


def _of_call(call: Call, scale: float) -> dict[str, Any]:
    """What the forward pass tells."""
    outputs = _array(call.outputs)
    before = None if call.before is None else _array(call.before)
    inputs = _array(call.inputs[0]) if call.inputs else None
    channels_first = getattr(call.layer, "data_format", None) == "channels_first"
    shift, stretch = _off(call, inputs)
    dead = always_on = None
    if call.activation is not None:
        dead, always_on = zero_shares(outputs, channels_first)
    return {
        "name": call.name,
        "kind": type(call.layer).__name__,
        "activation": call.activation,
        "shape": tuple(outputs.shape[1:]),
        "n_weights": call.layer.count_params() if call.layer.built else 0,
        "trainable": bool(call.layer.trainable_variables),
        "reads_input": call.reads_input,
        "input_size": None if inputs is None else size(inputs),
        "mean": float(outputs.mean(dtype="float64")),
        "std": float(outputs.std(dtype="float64")),
        "mean_before": None if before is None else float(before.mean(dtype="float64")),
        "std_before": None if before is None else float(before.std(dtype="float64")),
        "signal": size(outputs) / scale,
        "saturated": saturated_share(outputs, call.activation),
        "dead": dead,
        "always_on": always_on,
        "forward": None if inputs is None else ratio(_variance(outputs), _variance(inputs)),
        "shift": shift,
        "stretch": stretch,
    }


def _of_weights(
    call: Call, gradients: Mapping[int, Tensor | None], updates: Mapping[int, Tensor]
) -> dict[str, Any]:
    """Norms of weights, gradients and steps."""
    trained = [weight for weight in call.layer.trainable_variables if id(weight) in gradients]
    known = [g for weight in trained if (g := gradients[id(weight)]) is not None]
    moved = [weight for weight in trained if id(weight) in updates]
    step = norm(*(_array(updates[id(weight)]) for weight in moved)) if moved else None
    weights = [_array(weight.value) for weight in call.layer.weights]
    return {
        "weight_norm": norm(*weights) if weights else None,
        "gradient_norm": norm(*map(_array, known)) if known else None,
        "update_ratio": ratio(step, norm(*(_array(weight.value) for weight in moved))),
    }


def _backward(sent: Tensor | None, handed: Tensor | None) -> float | None:
    if sent is None or handed is None:
        return None
    return ratio(_variance(_array(sent)), _variance(_array(handed)))


def _off(call: Call, inputs: np.ndarray | None) -> tuple[float | None, float | None]:
    """How far the averages of a batch normalisation are off; not of one that never moved them."""
    layer = call.layer
    if call.averages is None or inputs is None:
        return None, None
    mean, variance = call.averages
    fresh = not mean.any() and bool((variance == 1).all())
    if fresh and layer.trainable:
        return None, None
    axis = getattr(layer, "axis", -1)
    x = np.moveaxis(inputs, axis[0] if isinstance(axis, list | tuple) else axis, -1)
    if np.prod(x.shape[:-1]) < 2:  # one value has no variance
        return None, None
    return off_averages(x, mean, variance, float(getattr(layer, "epsilon", 1e-3)))


def _variance(values: np.ndarray) -> float:
    return float(np.var(values, dtype="float64"))


def _array(tensor: Tensor) -> np.ndarray:
    values = np.asarray(keras.ops.convert_to_numpy(tensor))
    return values.astype("float32") if values.dtype.itemsize < 4 else values
