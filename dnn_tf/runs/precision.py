"""Training in 16 bits, and a network in 32 bits from it."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras
from keras import ops

from dnn_tf.metrics import accuracy
from dnn_tf.training.loss_scale import unwrapped
from dnn_tf.types import Measure, Tensor


def trains_in_float32(precision: str) -> bool:
    """Whether layers calculate in what the weights are kept in."""
    return precision == "float32"


@contextmanager
def floats(precision: str) -> Iterator[None]:
    """Within, new layers have this policy; `float32` leaves to Keras what it is set to."""
    before = keras.config.dtype_policy()
    if not trains_in_float32(precision):
        keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def loss_for(precision: str, loss: Measure) -> Measure:
    """The loss, taken in float32: the sum of exponentials of some logits is no float16."""
    if trains_in_float32(precision):
        return loss

    def loss_in_float32(y_true: Tensor, y_pred: Tensor) -> Tensor:
        return loss(y_true, ops.cast(y_pred, "float32"))

    return loss_in_float32


def in_float32(
    trained: keras.Model, alike: keras.Model, optimizer: keras.optimizers.Optimizer, loss: Measure
) -> keras.Model:
    """A network of its own with what another one has learned, and with its optimiser's state.

    Mixed precision keeps the weights in float32, so nothing is rounded here.

    Args:
        trained: in any precision, under any strategy of distribution.
        alike: a new network of the same layers.
        optimizer: a new one, like the one that trained.
        loss: to compile it with.
    """
    alike.compile(optimizer, loss, metrics=[accuracy])
    optimizer.build(alike.trainable_variables)
    pairs = [
        *zip(alike.variables, trained.variables, strict=True),
        *zip(optimizer.variables, unwrapped(trained.optimizer).variables, strict=True),
    ]
    for variable, value in pairs:
        variable.assign(ops.convert_to_numpy(value))
    return alike
