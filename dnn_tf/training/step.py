"""One step of training, closed over one model, one loss, one optimiser, one clip."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

from dnn_tf import constraints
from dnn_tf.gradients.norm import total
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.training.accumulation import in_slices
from dnn_tf.training.loss_scale import unwrapped
from dnn_tf.training.random_bits import drawn_by_threefry
from dnn_tf.training.replicas import OwnState, assign_all, n_replicas, sum_over_replicas
from dnn_tf.types import Clip, ClipEffect, InputError, Measure, Tensor

_OPEN = (
    type(None),
    constraints.MaxNorm,
    keras.constraints.MaxNorm,
    keras.constraints.MinMaxNorm,
    keras.constraints.UnitNorm,
)
"""Bounds that divide by the norm and so leave a NaN in a weight; others may make a number of it."""

Step = Callable[[Tensor, Tensor], Tensor]


def measure(
    model: keras.Model, measures: Sequence[Measure], x: Tensor, y: Tensor, training: bool
) -> tuple[Tensor, Tensor]:
    """The mean loss of a batch with the penalties of the layers, and every measure's sum over it.

    The first measure is the loss. One that already is a mean, as a Keras loss can be, counts for
    every row.

    Shapes:
        `(batch, ...)`, `(batch, ...)` -> `()`, `(measures,)`.
    """
    outputs = model(x, training=training)
    loss, *metrics = (function(y, outputs) for function in measures)
    dtype = keras.backend.result_type(loss.dtype, "float32")  # penalties are float32 or more
    parts = [tf.cast(part, dtype) for part in (tf.reduce_mean(loss), *model.losses)]
    batch_loss = tf.add_n(parts)
    rows = tf.shape(x)[:1]
    sums = [tf.reduce_sum(tf.broadcast_to(values, rows)) for values in (batch_loss, *metrics)]
    return batch_loss, tf.stack([tf.cast(value, "float32") for value in sums])


def make_step(
    model: keras.Model,
    loss: Measure,
    optimizer: keras.optimizers.Optimizer,
    clip: Clip | None = None,
    metrics: Sequence[Measure] = (),
    clip_effects: Sequence[ClipEffect] = (),
    rows_at_once: int | None = None,
) -> Step:
    """A function that takes one step of training.

    What it touches is fixed here: the weights that are trainable now are the ones it trains, and a
    layer that is frozen or thawed afterwards needs a new step and a new optimiser.

    Under a `tf.distribute` strategy it is to be called by every replica with its share of the rows:
    the gradients are summed over the replicas first, and then clipped, so that any number of them
    takes the step that one would take. (Keras clips what each replica has.)

    A gradient that is NaN or infinite becomes a NaN in its weight, also where the clip would have
    made a number of it, and in the sums, where a constraint or an unknown optimiser could: weights
    and sums tell of every bad step. (A loss scale leaves such a step out instead.)

    Args:
        model, loss, optimizer, clip, metrics: see `fit`.
        clip_effects: what to measure of the clipping.
        rows_at_once: so many rows go through the network at a time; their gradients are added up.
            `None`: all.

    Returns:
        `(x, y) -> sums`: the loss and the metrics, as they were before the step, and the effects,
        summed over the rows of all replicas.

    Raises:
        InputError: the optimiser belongs to other weights.
    """
    weights = model.trainable_variables
    _build(optimizer, weights)

    trained: list[keras.Variable] = []  # those of the weights that the loss depends on

    def backward(x: Tensor, y: Tensor) -> tuple[list[Tensor], Tensor]:
        with tf.GradientTape() as tape:
            batch_loss, sums = measure(model, [loss, *metrics], x, y, training=True)
            if len(model.trainable_variables) != len(weights):
                raise InputError(
                    f"model {model.name!r} got more weights in its first call, and they would not "
                    "be trained: call it once before fit, or build all of its layers"
                )
            batch_loss = optimizer.scale_loss(batch_loss)  # for float16; the optimiser undoes it
        gradients = tape.gradient(batch_loss, weights)
        trained[:] = [w for w, g in zip(weights, gradients, strict=True) if g is not None]
        return [tf.convert_to_tensor(g) for g in gradients if g is not None], sums

    gradients_of = backward if rows_at_once is None else in_slices(backward, rows_at_once)
    ahead = getattr(optimizer, "look_ahead", None) == "exact"
    apply = optimizer.apply_ahead if ahead else optimizer.apply
    clips = clip is not None or unwrapped(optimizer).clipvalue is not None
    hides = _may_hide(optimizer, weights)
    own_state = OwnState(model)

    def step(x: Tensor, y: Tensor) -> Tensor:
        if ahead:
            assign_all(weights, optimizer.points_ahead(weights))
        with own_state.shared(tf.shape(x)[0]):
            gradients, sums = gradients_of(x, y)
        _check_trained(model, weights, trained)
        gradients, sums, rows = _of_all_replicas(gradients, sums, tf.shape(x)[0])
        after = gradients
        if clip is not None:
            scale = optimizer.scale_loss(tf.ones(()))
            after, effects = _clipped(clip, clip_effects, gradients, scale)
            sums = tf.concat([sums, effects * tf.cast(rows, effects.dtype)], axis=0)
        if clips:
            after = [_with_nan(c, where=g) for c, g in zip(after, gradients, strict=True)]
        if hides:
            sums = _with_nan(sums, where=_nan_or_0(gradients))
        if n_replicas() > 1:
            after = [g / n_replicas() for g in after]  # the optimiser sums them once more
        apply(after, trained)
        return sums

    return step


def _check_trained(model: keras.Model, weights: list[Any], trained: list[Any]) -> None:
    if not trained:
        raise InputError(
            f"the loss does not depend on any weight of model {model.name!r}: give the loss the "
            "outputs it is made for"
        )
    if len(trained) < len(weights):
        known = {id(weight) for weight in trained}
        names = ", ".join(weight.path for weight in weights if id(weight) not in known)
        warnings.warn(f"the loss does not depend on {names}: not trained", stacklevel=2)


def _of_all_replicas(
    gradients: list[Tensor], sums: Tensor, rows: Tensor
) -> tuple[list[Tensor], Tensor, Tensor]:
    """The gradients of the mean over the rows of all replicas, and the sums over all of them."""
    if n_replicas() == 1:
        return gradients, sums, rows
    all_rows, all_sums = sum_over_replicas([rows]) + sum_over_replicas([sums])
    share = rows / all_rows
    return sum_over_replicas([g * tf.cast(share, g.dtype) for g in gradients]), all_sums, all_rows


def _clipped(
    clip: Clip, effects: Sequence[ClipEffect], gradients: list[Tensor], scale: Tensor
) -> tuple[list[Tensor], Tensor]:
    """What `clip` makes of the true gradients, scaled again as they came; and its effects."""
    true = [g / tf.cast(scale, g.dtype) for g in gradients]
    clipped = list(clip(true))
    if len(clipped) != len(gradients):
        raise InputError(f"clip was given {len(gradients)} gradients and returned {len(clipped)}")
    measured = [tf.cast(effect(true, clipped), "float32") for effect in effects]
    scaled = [
        tf.cast(c, g.dtype) * tf.cast(scale, g.dtype) for c, g in zip(clipped, true, strict=True)
    ]
    return scaled, tf.stack(measured) if measured else tf.zeros(0)


def _with_nan(value: Tensor, where: Tensor) -> Tensor:
    """The value, NaN where a gradient was NaN or infinite before it was clipped."""
    nan = tf.constant(float("nan"), value.dtype)
    return tf.where(tf.math.is_finite(where), value, nan)


def _nan_or_0(gradients: list[Tensor]) -> Tensor:
    """NaN if any entry is NaN or infinite."""
    bad = [total(tf.cast(~tf.math.is_finite(g), "float32")) for g in gradients]
    return tf.where(tf.add_n(bad) > 0, float("nan"), 0.0)


def _may_hide(optimizer: keras.optimizers.Optimizer, weights: list[Any]) -> bool:
    """Whether a bad gradient may leave no trace in the weights."""
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return False
    inner = unwrapped(optimizer)
    known = isinstance(inner, FormulaOptimizer) or _is_of_keras(inner)
    return not known or any(not isinstance(weight.constraint, _OPEN) for weight in weights)


def _is_of_keras(optimizer: keras.optimizers.Optimizer) -> bool:
    return type(optimizer).__module__.partition(".")[0] == "keras"


def _build(optimizer: keras.optimizers.Optimizer, weights: list[keras.Variable]) -> None:
    """Before the first step, so that one trace is enough; and for these weights or not at all."""
    if not optimizer.built:
        optimizer.build(weights)
    known = {id(variable) for variable in optimizer._trainable_variables}
    if known and any(id(weight) not in known for weight in weights):
        raise InputError(
            f"the optimiser {optimizer.name!r} has trained other weights: take a new optimiser for "
            "a new model, and after a layer is thawed"
        )


def compile_function(function: Any, jit_compile: bool, run_eagerly: bool) -> Any:
    """The function as it is, as a graph, or as a graph under XLA.

    Nothing is rewritten by AutoGraph: loops over tensors are written as such.
    """
    if run_eagerly:
        return function
    if jit_compile:
        function = drawn_by_threefry(function)
    compiled = tf.function(function, jit_compile=jit_compile, autograph=False)
    # Each training has a function of its own: TensorFlow would warn that one was traced too often.
    compiled._omit_frequent_tracing_warning = True
    return compiled
