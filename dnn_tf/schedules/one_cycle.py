"""One climb and one descent of the learning rate, over the whole training."""

import keras
from keras import ops

from dnn_tf.arguments import check_above_0, check_between, check_positive
from dnn_tf.types import Tensor


def one_cycle(
    t: Tensor, total: float, final_steps: float, low: float, high: float, end: float
) -> Tensor:
    """Straight lines from `low` to `high` and back, then to `end` in the `final_steps`."""
    half = (total - final_steps) / 2
    cycle = low + (high - low) * (1 - ops.abs(1 - t / half))
    final = end + (low - end) * (total - t) / final_steps
    return ops.where(t < total - final_steps, cycle, final)


@keras.saving.register_keras_serializable(package="dnn_tf")
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """The 1cycle policy (Smith, 2018): up in a straight line, back down, then far below.

    `low = max_learning_rate / initial_divisor` at step 0, the maximum halfway through the cycle,
    `low` again at its end; in the last steps down to `low / final_divisor`, and there it stays.

    Smith lowers the momentum while the rate rises and raises it while the rate falls; a schedule
    of the learning rate cannot, and the momentum stays what the optimiser was given.

    Args:
        max_learning_rate: the peak, above 0. Smith takes it from a trial in which the rate grows
            until the loss does.
        total_steps: the steps of the whole training, 1 or more: epochs times batches an epoch.
        initial_divisor: the peak over the rate at step 0; 1 or more. Default 10.
        final_divisor: the rate at step 0 over that at the end; 1 or more. Default 1000: "several
            orders of magnitude less than the initial learning rate".
        final_share: the part of the steps after the cycle, between 0 and 1. Default 0.1.

    Raises:
        InputError: an argument outside its range.

    >>> schedule = OneCycle(1.0, total_steps=100, initial_divisor=2)
    >>> schedule(ops.array([0, 45, 90, 100])).numpy().round(6).tolist()
    [0.5, 1.0, 0.5, 0.0005000000237487257]
    """

    def __init__(
        self,
        max_learning_rate: float,
        total_steps: int,
        initial_divisor: float = 10.0,
        final_divisor: float = 1000.0,
        final_share: float = 0.1,
    ):
        check_above_0(max_learning_rate=max_learning_rate, final_share=final_share)
        check_positive(total_steps=total_steps)
        check_between(1, float("inf"), initial_divisor=initial_divisor, final_divisor=final_divisor)
        check_between(0, 1, final_share=final_share)
        self.max_learning_rate = max_learning_rate
        self.total_steps = total_steps
        self.initial_divisor = initial_divisor
        self.final_divisor = final_divisor
        self.final_share = final_share

    def __call__(self, step: Tensor) -> Tensor:
        low = self.max_learning_rate / self.initial_divisor
        return one_cycle(
            ops.minimum(ops.cast(step, "float32"), self.total_steps),
            total=self.total_steps,
            final_steps=self.final_share * self.total_steps,
            low=low,
            high=self.max_learning_rate,
            end=low / self.final_divisor,
        )

    def get_config(self) -> dict[str, float]:
        return {
            "max_learning_rate": self.max_learning_rate,
            "total_steps": self.total_steps,
            "initial_divisor": self.initial_divisor,
            "final_divisor": self.final_divisor,
            "final_share": self.final_share,
        }
