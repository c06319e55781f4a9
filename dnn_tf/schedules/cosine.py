"""A learning rate that falls along half a cosine, after a warm-up if asked."""

import math
from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_above_0, check_between, check_positive, check_whole
from dnn_tf.types import InputError, Tensor


def cosine_decay(t: Tensor, decay_steps: int, alpha: float) -> Tensor:
    """From 1 at `t = 0` to `alpha` at `t = decay_steps`."""
    half_cosine = 0.5 * (1 + ops.cos(math.pi * (t / decay_steps)))  # from 1 to 0
    return (1 - alpha) * half_cosine + alpha


@keras.saving.register_keras_serializable(package="dnn_tf")
class CosineDecay(keras.optimizers.schedules.LearningRateSchedule):
    """`peak * ((1 - alpha) * (1 + cos(pi * t / decay_steps)) / 2 + alpha)`; then `peak * alpha`.

    Loshchilov & Hutter (2016), without their restarts. Without a warm-up the peak is the initial
    rate and `t` the step. With one (Goyal et al., 2017) the rate climbs in a straight line to
    `peak = warmup_target` in `warmup_steps`, and `t` counts from there.

    Words and numbers are those of `keras.optimizers.schedules.CosineDecay`, which takes one step
    at a time, and which, given only one of the two arguments of a warm-up, makes none without a
    word.

    Args:
        initial_learning_rate: at step 0; above 0, and with a warm-up also 0.
        decay_steps: the steps of the descent, without those of the warm-up; 1 or more.
        alpha: the rate in the end, as a part of the peak; 0 or more. Default 0.
        warmup_target: the peak, above 0. Default `None`: no warm-up.
        warmup_steps: the steps up to the peak. Default 0: no warm-up.

    Raises:
        InputError: an argument outside its range; one of the last two without the other.

    >>> schedule = CosineDecay(0.0, decay_steps=4, warmup_target=1.0, warmup_steps=2)
    >>> schedule(ops.array([0, 1, 2, 4, 6, 99])).numpy().round(6).tolist()
    [0.0, 0.5, 1.0, 0.5, 0.0, 0.0]
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ):
        check_positive(decay_steps=decay_steps)
        check_between(0, float("inf"), alpha=alpha)
        check_whole(0, warmup_steps=warmup_steps)
        _check_rates(initial_learning_rate, warmup_target, warmup_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.alpha = alpha
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps

    def __call__(self, step: Tensor) -> Tensor:
        step = ops.minimum(ops.cast(step, "float32"), self.warmup_steps + self.decay_steps)
        t = step - self.warmup_steps
        if self.warmup_target is None:
            return self.initial_learning_rate * cosine_decay(t, self.decay_steps, self.alpha)
        climb = self.warmup_target - self.initial_learning_rate
        return ops.where(
            t < 0,
            climb * (step / self.warmup_steps) + self.initial_learning_rate,
            self.warmup_target * cosine_decay(t, self.decay_steps, self.alpha),
        )

    def get_config(self) -> dict[str, Any]:
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "alpha": self.alpha,
            "warmup_target": self.warmup_target,
            "warmup_steps": self.warmup_steps,
        }


def _check_rates(initial: float, target: float | None, warmup_steps: int) -> None:
    if (target is None) != (warmup_steps == 0):
        raise InputError(
            f"warmup_target={target!r} with warmup_steps={warmup_steps}: a warm-up needs both; "
            "give both, or neither"
        )
    if target is None:
        check_above_0(initial_learning_rate=initial)
    else:
        check_between(0, float("inf"), initial_learning_rate=initial)
        check_above_0(warmup_target=target)
