"""A rate that suits."""

import pytest

from dnn_tf.experiments.rates import GRID, climb


@pytest.mark.parametrize("start", [1e-5, 0.03, 100.0])
@pytest.mark.parametrize("best", [1e-5, 0.1, 100.0])
def test_climbs_from_anywhere(start, best):
    tried = []

    def score(rate):
        tried.append(rate)
        return -abs(GRID.index(rate) - GRID.index(best))

    assert climb(score, start) == best
    assert len(tried) == len(set(tried))
    at = GRID.index(best)
    assert set(GRID[max(at - 1, 0) : at + 2]) <= set(tried)  # both neighbours are worse
