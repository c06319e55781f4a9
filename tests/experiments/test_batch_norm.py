"""What batch normalisation forgives."""

import numpy as np
import pytest

from dnn_tf.experiments import batch_norm as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    judged = [row for row in outcome.rows if row.reference is not None]
    assert [row.name for row in judged if row.ok is not True] == []
    # starts, rates; it does not narrow the gap to new images; it reads them no worse than dropout
    assert [claim.holds for claim in outcome.claims] == [True, True, False, True]
    assert outcome.figure is not None


def test_the_printed_formula_by_hand():
    x = np.array([[1.0], [3.0]])
    printed = page.as_printed(x, x.mean(axis=0), 0.5)
    np.testing.assert_allclose(printed, [[-1 / 2.5], [1 / 2.5]])


@pytest.mark.parametrize(
    ("scores", "rate"), [([0.95, 0.2, 0.91], 10.0), ([0.1, 0.1, 0.1], 0.01 / 3)]
)
def test_the_largest_rate(scores, rate):
    assert page.largest([0.01, 1.0, 10.0], scores, 0.9) == rate
