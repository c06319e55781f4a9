"""The learning rate that suits, found by climbing a grid that is the same for all."""

from collections.abc import Callable

GRID = tuple(float(f"{10 ** (n / 2):.3g}") for n in range(-10, 5))
"""From 0.00001 to 100, two in each power of ten."""


def climb(score: Callable[[float], float], start: float) -> float:
    """The rate of the grid that scores better than both of its neighbours.

    It climbs from the start, so that the best is no edge of what was tried.

    Args:
        score: of a rate; the higher the better. It is called once for each.
        start: a rate; the nearest of the grid is tried first.

    >>> climb(lambda rate: -abs(rate - 0.1), start=0.001)
    0.1
    """
    found: dict[int, float] = {}

    def scored(place: int) -> float:
        if place not in range(len(GRID)):
            return float("-inf")
        if place not in found:
            found[place] = score(GRID[place])
        return found[place]

    here = min(range(len(GRID)), key=lambda place: abs(GRID[place] - start))
    while (there := max((here, here - 1, here + 1), key=scored)) != here:
        here = there
    return GRID[here]
