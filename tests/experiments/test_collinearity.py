"""Correlated columns."""

import numpy as np
from sklearn.linear_model import Ridge

from dnn_tf.experiments import collinearity as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [True, False]
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
