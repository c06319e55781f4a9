"""What a trial of learning rates measured, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SMOOTHING = 0.9
"""How much of the running mean of the loss is kept from step to step."""

SETTLED = round(1 / (1 - SMOOTHING))
"""So many losses the running mean looks back on; before, it is as noisy as the first ones."""

TOO_LARGE = 3.0
"""The trial ends where the smoothed loss has risen by so many times what it had fallen."""


@dataclass(frozen=True, eq=False)
class LearningRateTrial:
    """The learning rates that were tried, and the loss at each.

    Args:
        learning_rates: one a step, each a little larger.
        losses: of the batch of the step, before it.
        smoothed: their exponential mean, cleared of the bias of its start.
    """

    learning_rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray

    @property
    def largest(self) -> float:
        """The rate at which the smoothed loss was smallest: from here on it grew.

        Looked for from the 10th step on: before, the running mean is the mean of few batches, and
        a batch of easy rows would pass for a good rate.
        """
        return float(self.learning_rates[_lowest(self.smoothed)])

    @property
    def suggestion(self) -> float:
        """A tenth of `largest`: a start well below where training breaks."""
        return self.largest / 10


def smoothed(losses: Sequence[float]) -> np.ndarray:
    """`mean <- 0.9 mean + 0.1 loss`, over `1 - 0.9^t`.

    >>> smoothed([3.0, 3.0]).round(6).tolist()
    [3.0, 3.0]
    """
    mean, means = 0.0, []
    for t, loss in enumerate(losses, start=1):
        mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
        means.append(mean / (1 - SMOOTHING**t))
    return np.array(means)


def _lowest(means: np.ndarray) -> int:
    """The step of the smallest running mean, once that has settled."""
    first = min(SETTLED, len(means)) - 1
    return first + int(np.argmin(means[first:]))


def _noise(losses: Sequence[float]) -> float:
    """The standard deviation of a loss, from step to step: a slow fall does not count.

    >>> round(_noise([1.0, 3.0, 1.0]), 6)  # sqrt(4 / 2)
    1.414214
    """
    return float(np.sqrt(np.mean(np.diff(losses) ** 2) / 2))


def _fall(losses: Sequence[float]) -> float:
    """From the mean of the first losses down to the smallest running mean."""
    means = smoothed(losses)
    return float(np.mean(losses[:SETTLED]) - means[_lowest(means)])


def fell(losses: Sequence[float]) -> bool:
    """By more than its noise, up to where it was lowest."""
    if len(losses) < SETTLED:
        return False
    return _fall(losses) > _noise(losses[: _lowest(smoothed(losses)) + 1])


def rose(losses: Sequence[float]) -> bool:
    """Far above the lowest, measured by its fall, or by its noise where that is more."""
    if len(losses) < SETTLED:
        return False
    means = smoothed(losses)
    return means[-1] - means[_lowest(means)] > TOO_LARGE * max(_fall(losses), _noise(losses))
