"""An exponential average of the weights, which the optimiser keeps: Keras' `use_ema=True`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

from dnn_tf.training.loss_scale import unwrapped

Pairs = list[tuple[keras.Variable, Any]]


def begin_average(optimizer: keras.optimizers.Optimizer) -> None:
    """Starts the average at the weights that are there: what stood in it may be of other ones."""
    for weight, average in _pairs(optimizer):
        average.assign(weight)


def finish_average(optimizer: keras.optimizers.Optimizer) -> None:
    """Puts the average in the place of the weights.

    (Keras' `finalize_variable_values` pairs them by their places in two lists, which a frozen layer
    shifts against each other.)
    """
    for weight, average in _pairs(optimizer):
        weight.assign(average)


@contextmanager
def averaged(optimizer: keras.optimizers.Optimizer) -> Iterator[None]:
    """Within, the weights are their averages, where the optimiser keeps any.

    So what is measured, and what a callback keeps, is the network that training will leave.
    """
    raw = [(weight, tf.identity(weight)) for weight, _ in _pairs(optimizer)]
    finish_average(optimizer)
    try:
        yield
    finally:
        for weight, value in raw:
            weight.assign(value)


def _pairs(optimizer: keras.optimizers.Optimizer) -> Pairs:
    """Every weight that is trained, and its average; none where no average is kept."""
    inner = unwrapped(optimizer)
    if not inner.use_ema:
        return []
    both = zip(inner._trainable_variables, inner._model_variables_moving_average, strict=True)
    return [(weight, average) for weight, average in both if weight.trainable]
