"""What batch normalisation forgives."""

import numpy as np
import pytest

from dnn_tf.experiments import batch_norm as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    judged = [row for row in outcome.rows if row.reference is not None]
    assert [row.name for row in judged if row.ok is not True] == []
    assert [claim.holds for claim in outcome.claims] == [None] * 4  # of one seed
    assert outcome.figure is not None


GOOD, BAD, OPEN = [0.95, 0.951, 0.952], [0.1, 0.101, 0.103], [0.95, 0.1, 0.5]


@pytest.mark.parametrize(("other", "holds"), [(GOOD, True), (BAD, False), (OPEN, None)])
def test_the_claims_are_judged_seed_by_seed(other, holds):
    middle = [0.5, 0.501, 0.502]
    plain = page.Pair({0.05: GOOD, 1.0: middle}, {0.1: GOOD, 1.0: OPEN})
    normalised = page.Pair({0.05: GOOD, 1.0: other}, {0.1: GOOD, 1.0: other})
    zero = [0.0, 0.0, 0.0]
    scores = {"neither": zero, "dropout 0.5": other, "batch norm": zero, "both": middle}
    gaps = {"neither": other, "dropout 0.5": zero, "batch norm": middle}
    starts, rates, regularises, dropout = page.claims(plain, normalised, scores, gaps)
    assert (starts.holds, regularises.holds, dropout.holds) == (holds, holds, holds)
    assert rates.holds is None  # without it one seed bears the larger rate, two do not


def test_the_largest_rate_of_each_seed():
    pair = page.Pair({}, {0.1: GOOD, 1.0: OPEN})
    assert pair.largest == pytest.approx([0, -1, -1])


def test_the_printed_formula_by_hand():
    x = np.array([[1.0], [3.0]])
    printed = page.as_printed(x, x.mean(axis=0), 0.5)
    np.testing.assert_allclose(printed, [[-1 / 2.5], [1 / 2.5]])


@pytest.mark.parametrize(
    ("scores", "rate"), [([0.95, 0.2, 0.91], 10.0), ([0.1, 0.1, 0.1], 0.01 / 3)]
)
def test_the_largest_rate(scores, rate):
    assert page.largest([0.01, 1.0, 10.0], scores, 0.9) == rate
