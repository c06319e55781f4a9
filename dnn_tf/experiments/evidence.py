"""Whether two things that were measured with the same seeds differ by more than chance."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Difference:
    """The mean of differences seed by seed, and how far it may be off.

    Args:
        mean: of `one - other`.
        margin: half of the interval that holds the true mean in 95 of 100 cases; infinite for one
            seed, which tells nothing of chance.
    """

    mean: float
    margin: float

    def above(self, least: float = 0.0) -> bool | None:
        """Whether it is more than `least`; `None` where these seeds do not decide it.

        >>> Difference(0.02, 0.01).above(), Difference(-0.02, 0.01).above()
        (True, False)
        >>> Difference(0.02, 0.03).above() is None
        True
        """
        if self.mean - self.margin > least:
            return True
        return False if self.mean + self.margin < least else None

    def __str__(self) -> str:
        return f"{self.mean:+.4f} +- {self.margin:.4f}"


def paired(one: Sequence[float] | np.ndarray, other: Sequence[float] | np.ndarray) -> Difference:
    """`one - other`, seed by seed, with the margin of Student's t.

    `mean(d) +- t s(d) / sqrt(n)`, where `t` is the quantile for `n - 1` degrees of freedom.

    Args:
        one, other: a number for each seed, in the same order.

    >>> str(paired([0.92, 0.94, 0.93], [0.90, 0.91, 0.92]))
    '+0.0200 +- 0.0248'
    """
    d = np.subtract(one, other)
    n = len(d)
    if n < 2:
        return Difference(float(d.mean()), math.inf)
    quantile = float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1))
    return Difference(float(d.mean()), quantile * float(d.std(ddof=1)) / math.sqrt(n))


def every(verdicts: Iterable[bool | None]) -> bool | None:
    """Whether all hold: `False` if one does not, else `None` if one is not decided.

    >>> every([True, None, False]), every([True, None]), every([True, True])
    (False, None, True)
    """
    verdicts = list(verdicts)
    if False in verdicts:
        return False
    return None if None in verdicts else True


def opposite(verdict: bool | None) -> bool | None:
    """Of what is not decided the opposite is not, either.

    >>> opposite(True), opposite(None)
    (False, None)
    """
    return None if verdict is None else not verdict
