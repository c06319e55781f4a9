"""How times are summed up: the middle, and how far from it they lie."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Spread(NamedTuple):
    """Of the timed epochs of one peer."""

    median: float
    low: float
    high: float
    fastest: float
    slowest: float


def spread(seconds: Sequence[float]) -> Spread:
    """Median, quartiles and extremes.

    >>> spread([1.0, 2.0, 3.0, 4.0, 9.0])
    Spread(median=3.0, low=2.0, high=4.0, fastest=1.0, slowest=9.0)
    """
    times = sorted(seconds)
    low, high = times[0], times[-1]
    if len(times) > 1:
        low, _, high = statistics.quantiles(times, n=4, method="inclusive")
    return Spread(statistics.median(times), low, high, times[0], times[-1])
