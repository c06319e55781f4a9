"""A learning rate that falls by the same factor again and again."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_above_0, check_positive
from dnn_tf.schedules.step import wide_step
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class ExponentialDecay(keras.optimizers.schedules.LearningRateSchedule):
    """`initial_learning_rate * decay_rate ** (step / decay_steps)`.

    By default the document's `eta0 * 10^(-t / r)` with eta0 = 0.1 and r = 10000, where `t` and `r`
    count steps, not epochs. The snippet it prints for `tf.train.exponential_decay` is indented
    below its first line, an IndentationError; its numbers are the defaults here.

    Args:
        initial_learning_rate: at step 0; above 0. Default 0.1.
        decay_steps: the steps in which the rate falls by `decay_rate` once; 1 or more.
            Default 10000.
        decay_rate: the factor, above 0. Default 0.1, a tenth.
        staircase: whether the rate stays for `decay_steps` and falls at once. Default `False`.

    Raises:
        InputError: an argument outside its range.

    >>> schedule = ExponentialDecay(initial_learning_rate=0.5, decay_steps=100, decay_rate=0.25)
    >>> schedule(ops.array([0, 50, 100])).numpy().tolist()
    [0.5, 0.25, 0.125]
    """

    def __init__(
        self,
        initial_learning_rate: float = 0.1,
        decay_steps: int = 10_000,
        decay_rate: float = 0.1,
        staircase: bool = False,
    ):
        check_above_0(initial_learning_rate=initial_learning_rate, decay_rate=decay_rate)
        check_positive(decay_steps=decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase

    def __call__(self, step: Tensor) -> Tensor:
        if self.staircase:
            # Of whole numbers: a compiled step multiplies by float32(1 / decay_steps) instead of
            # dividing, and would fall late, as Keras' own does at step 41 of `decay_steps=41`.
            times = ops.cast(wide_step(step) // self.decay_steps, "float32")
        else:
            times = ops.cast(step, "float32") / self.decay_steps
        return self.initial_learning_rate * self.decay_rate**times

    def get_config(self) -> dict[str, Any]:
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "decay_rate": self.decay_rate,
            "staircase": self.staircase,
        }
