"""An exponential average of the weights, in the place of the weights."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import tensorflow as tf


@contextmanager
def averaged(optimizer: keras.optimizers.Optimizer) -> Iterator[None]:
    """Within, the weights are their averages, where the optimiser keeps any (`use_ema=True`).

    So what is measured, and what a callback keeps, is the network that training will leave.
    """
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    if not inner.use_ema:
        yield
        return
    weights = inner._trainable_variables
    raw = [tf.identity(weight) for weight in weights]
    for weight, average in zip(weights, inner._model_variables_moving_average, strict=True):
        weight.assign(average)
    try:
        yield
    finally:
        for weight, value in zip(weights, raw, strict=True):
            weight.assign(value)
