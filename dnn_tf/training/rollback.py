"""Training that fails goes back to the last step that did not."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from dnn_tf.types import Tensor

Attempt = Callable[[int, int], Tensor]


def advance(
    attempt: Attempt,
    state: Sequence[Any],
    start: int,
    stop: int,
    watched: Sequence[Any],
    also: Callable[[], bool] = lambda: True,
    agree: Callable[[bool], bool] = bool,
) -> tuple[Tensor, int]:
    """Runs the steps `start` to `stop`; where a number stops being finite, up to the step before.

    A loss or a weight that is NaN stays NaN, so the first bad step is found by halving, each half
    run again from the values that stood at `start`. Sound steps pay for one copy of the state and
    one look at it a call, not for a look at every gradient of every step.

    Args:
        attempt: runs steps and returns their totals, the loss first.
        state: every variable that a step changes: weights, averages, random state, optimiser.
        start, stop: of the steps.
        watched: those of the state that must stay finite.
        also: whether what stands there is sound in other ways than being finite.
        agree: whether all find so who take these steps, of which this one may be one of several.

    Returns:
        The totals of the steps taken, and the number of the first one not taken: `stop`, or less
        if that step went wrong.
    """
    before = [tf.identity(variable) for variable in state]
    totals = attempt(start, stop)

    def sound(totals: Tensor) -> bool:
        return agree(_is_finite(totals, watched) and also())

    if sound(totals):
        return totals, stop

    def again(until: int) -> Tensor:
        for variable, value in zip(state, before, strict=True):
            variable.assign(value)
        return attempt(start, until)

    good, bad = start, stop
    while bad - good > 1:
        middle = (good + bad) // 2
        if sound(again(middle)):
            good = middle
        else:
            bad = middle
    return again(good), good


@tf.function(reduce_retracing=True, autograph=False)
def _all_finite(values: list[Tensor]) -> Tensor:
    return tf.reduce_all([tf.reduce_all(tf.math.is_finite(value)) for value in values])


def finite(state: Sequence[Any]) -> list[Any]:
    """The variables that can stop being finite: they hold fractions, and are finite now."""
    floats = [variable for variable in state if tf.as_dtype(variable.dtype).is_floating]
    return [v for v in floats if np.isfinite(tf.convert_to_tensor(v).numpy()).all()]


def _is_finite(totals: Tensor, watched: Sequence[Any]) -> bool:
    return bool(_all_finite([totals[0], *map(tf.convert_to_tensor, watched)]))
