"""Correlated columns."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from dnn_tf.experiments import collinearity as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [True, True]
    assert outcome.figure is not None


def test_ridge_is_scikit_learns():
    x, y = page.draw(np.random.default_rng(3))
    for strength in (0.001, 1.0):
        peer = Ridge(alpha=len(x) * strength, fit_intercept=False).fit(x, y).coef_
        np.testing.assert_allclose(page.ridge(x, y, strength), peer, rtol=1e-6)


def test_condition_by_hand():
    x = np.diag([1.0, 10.0])
    assert round(page.condition(x, 0.0)) == 100
    assert round(page.condition(x, 0.5), 6) == 101 / 2


def scatter(wide, extra):
    """Least squares scatters so much, and its error is so much larger, than any other way."""
    still, moved = np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[0.0, 0.0], [2 * wide, 0.0]])
    others = list(page.WAYS)[1:]
    return page.Scatter(
        dict.fromkeys(others, still) | {"least squares": moved},
        dict.fromkeys(others, 0.3) | {"least squares": 0.3 + extra},
    )


@pytest.mark.parametrize(
    ("wide", "extra", "verdicts"),
    [
        ((1.0, 1.1, 1.0), (0.01, 0.011, 0.01), [True, True]),
        ((0.1, 0.11, 0.1), (-0.01, -0.011, -0.01), [False, False]),
        ((0.1, 0.5, 0.9), (-0.01, 0.0, 0.01), [None, None]),
    ],
)
def test_claims(wide, extra, verdicts):
    found = [scatter(w, e) for w, e in zip(wide, extra, strict=True)]
    assert [claim.holds for claim in page.claims(found)] == verdicts


def test_scatter_by_hand():
    one = scatter(1.0, 0.0)
    assert (one.of_w1("least squares"), one.of_w1("x2 dropped"), one.of_sum) == (1.0, 0.5, 1.0)
