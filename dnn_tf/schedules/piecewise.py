"""One learning rate for so many steps, then the next."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_above_0, check_whole
from dnn_tf.schedules.step import wide_step
from dnn_tf.types import InputError, Tensor


def piecewise_constant(step: Tensor, boundaries: Sequence[int], values: Sequence[float]) -> Tensor:
    """`values[i]`, where `i` is how many of the boundaries lie below the step."""
    rate = ops.full_like(step, values[0], dtype="float32")
    for boundary, value in zip(boundaries, values[1:], strict=True):
        # As whole numbers: float32 cannot tell the steps beyond 2^24 apart.
        rate = ops.where(step > boundary, value, rate)
    return rate


@keras.saving.register_keras_serializable(package="dnn_tf")
class PiecewiseConstant(keras.optimizers.schedules.LearningRateSchedule):
    """`values[0]` up to and with step `boundaries[0]`, then `values[1]`, and so on.

    The document's predetermined piecewise constant rate: eta0 for `n` steps, then eta1. A boundary
    is the last step of its piece, as in TensorFlow 1 and in Keras. Steps count from 0, so that
    `n` steps at eta0 are the boundary `n - 1`.

    Args:
        boundaries: the last step of each piece but the last; whole numbers that rise.
        values: the learning rates, each above 0, one more than there are boundaries.

    Raises:
        InputError: no boundary, boundaries that do not rise, another number of rates, or a rate
            that is not above 0.

    >>> PiecewiseConstant([2, 4], [1.0, 0.5, 0.25])(ops.arange(7)).numpy().tolist()
    [1.0, 1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """

    def __init__(self, boundaries: Sequence[int], values: Sequence[float]):
        self.boundaries = _as_list("boundaries", boundaries)
        self.values = _as_list("values", values)
        _check(self.boundaries, self.values)

    def __call__(self, step: Tensor) -> Tensor:
        return piecewise_constant(wide_step(step), self.boundaries, self.values)

    def get_config(self) -> dict[str, list[Any]]:
        return {"boundaries": self.boundaries, "values": self.values}


def _as_list(name: str, numbers: Any) -> list[Any]:
    """What a file can hold: a list of Python's own numbers."""
    if isinstance(numbers, str) or not hasattr(numbers, "__iter__"):
        raise InputError(f"{name} is a list of numbers, and got {numbers!r}")
    return [getattr(number, "item", lambda number=number: number)() for number in numbers]


def _check(boundaries: list[Any], values: list[Any]) -> None:
    for i, boundary in enumerate(boundaries):
        check_whole(0, **{f"boundaries[{i}]": boundary})
    for i, value in enumerate(values):
        check_above_0(**{f"values[{i}]": value})
    if not boundaries:
        raise InputError("no boundaries: give one or more, or the one rate itself")
    if sorted(set(boundaries)) != boundaries:
        raise InputError(f"boundaries {boundaries} do not rise: sort them, each one once")
    if len(values) != len(boundaries) + 1:
        raise InputError(
            f"{len(values)} values for {len(boundaries)} boundaries: give "
            f"{len(boundaries) + 1}, one a piece"
        )
