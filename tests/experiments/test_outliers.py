"""Squared and absolute error on spoilt labels."""

import numpy as np
import pytest

from dnn_tf.experiments import outliers as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [True, True]
    assert outcome.figure is not None


def test_a_tenth_of_the_labels_is_spoilt_at_the_right():
    x, y, right = page.rows_of(lambda x: 0 * x)
    spoilt = np.abs(y - right) > 4
    assert spoilt.sum() == page.SPOILT
    assert x[spoilt].min() > np.median(x) - 0.05


def test_two_steps_by_hand(monkeypatch):
    monkeypatch.setattr(page, "EPOCHS", 2)
    x, y = np.array([[1.0], [2.0]], "float32"), np.array([5.0, 5.0], "float32")
    path = page.fit_line(page.LOSSES["absolute error"], x, y, 0.1, Setting(quick=True))
    np.testing.assert_allclose(path, [0.15, 0.3], rtol=1e-5)  # 0.1 times the mean of x


def test_unrest():
    assert page.unrest(np.array([9.0] * 18 + [1.0, 3.0])) == pytest.approx(2)
