"""Optimisers around optimisers: what they wrap, and a loss scale with nowhere left to go."""

import keras

from dnn_tf.training.replicas import as_float


def unwrapped(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """The optimiser that takes the steps: the innermost, where others are around it."""
    while hasattr(optimizer, "inner_optimizer"):
        optimizer = optimizer.inner_optimizer
    return optimizer


class LossScale:
    """Whether a `LossScaleOptimizer` still finds scales at which the gradients are finite.

    It leaves a step out when a gradient is not, and halves its scale: a scale that was too large is
    no fault. Below 1 it scales nothing up any more; then the gradients themselves are at fault.

    Args:
        optimizer: any; for one without a loss scale all is sound.
    """

    def __init__(self, optimizer: keras.optimizers.Optimizer):
        self._optimizer = optimizer
        scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        self._least = min(1.0, optimizer.initial_scale) if scaled else None

    def is_sound(self) -> bool:
        """Whether the scale has not fallen below 1, or below its start where that is less."""
        return self._least is None or as_float(self._optimizer.dynamic_scale) >= self._least
