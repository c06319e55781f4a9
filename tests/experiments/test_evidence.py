"""More than chance, or not, or not decided."""

import numpy as np
import pytest
from scipy import stats

from dnn_tf.experiments.evidence import Difference, every, opposite, paired


def test_the_margin_is_that_of_a_paired_t_test():
    rng = np.random.default_rng(0)
    one, other = rng.normal(0.3, 1, 8), rng.normal(0, 1, 8)
    low, high = stats.ttest_rel(one, other).confidence_interval(0.95)
    difference = paired(one, other)
    assert difference.mean - difference.margin == pytest.approx(low)
    assert difference.mean + difference.margin == pytest.approx(high)


def test_by_hand():
    assert paired([1.0, 3.0], [0.0, 0.0]).mean == 2.0
    assert paired([1.0, 3.0], [0.0, 0.0]).margin == pytest.approx(12.7062)  # t of 1, times 1


@pytest.mark.parametrize(
    ("difference", "least", "verdict"),
    [
        (Difference(0.02, 0.01), 0.0, True),
        (Difference(0.02, 0.01), 0.015, None),
        (Difference(0.02, 0.01), 0.05, False),
        (Difference(-0.02, 0.01), 0.0, False),
        (Difference(0.001, 0.01), 0.0, None),
        (paired([0.9], [0.1]), 0.0, None),
    ],
    ids=range(6),
)
def test_decides_or_does_not(difference, least, verdict):
    assert difference.above(least) is verdict


def test_one_seed_decides_nothing():
    assert str(paired([0.9], [0.1])) == "+0.8000 +- inf"


@pytest.mark.parametrize(
    ("verdicts", "all_of_them"),
    [((True, True), True), ((True, None), None), ((None, False), False), ((), True)],
)
def test_every(verdicts, all_of_them):
    assert every(verdicts) is all_of_them


@pytest.mark.parametrize(("one", "other"), [(True, False), (False, True), (None, None)])
def test_opposite(one, other):
    assert opposite(one) is other
