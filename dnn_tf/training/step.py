"""One step of mini-batch training, closed over one model, one loss, one optimiser, one clip."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

from dnn_tf.types import Clip, InputError, Measure, Tensor

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
) -> Step:
    """A function that takes one step of training.

    What it touches is fixed here: the weights that are trainable now are the ones it trains, and a
    layer that is frozen or thawed afterwards needs a new step and a new optimiser.

    Returns:
        `(x, y) -> sums`: the loss and the metrics, summed over the batch, as they were before the
        step.

    Raises:
        InputError: the optimiser belongs to other weights.
    """
    weights = model.trainable_variables
    _build(optimizer, weights)

    def step(x: Tensor, y: Tensor) -> Tensor:
        with tf.GradientTape() as tape:
            batch_loss, sums = measure(model, [loss, *metrics], x, y, training=True)
            if len(model.trainable_variables) != len(weights):
                raise InputError(
                    f"model {model.name!r} got more weights in its first call, and they would not "
                    "be trained: call it once before fit, or build all of its layers"
                )
            batch_loss = optimizer.scale_loss(batch_loss)  # for float16; the optimiser undoes it
        gradients = tape.gradient(batch_loss, weights)
        if clip is not None:
            gradients = _clipped(clip, gradients, optimizer.scale_loss(tf.ones(())))
        optimizer.apply(gradients, weights)
        return sums

    return step


def _clipped(clip: Clip, gradients: list[Tensor], scale: Tensor) -> list[Tensor]:
    """What `clip` makes of the true gradients, scaled again as they came."""
    clipped = clip([g / tf.cast(scale, g.dtype) for g in gradients])
    if len(clipped) != len(gradients):
        raise InputError(f"clip was given {len(gradients)} gradients and returned {len(clipped)}")
    return [g * tf.cast(scale, g.dtype) for g in clipped]


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
    return tf.function(function, jit_compile=jit_compile, autograph=False)
