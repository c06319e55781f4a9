"""One sigmoid, wrong and saturated."""

import numpy as np
import pytest

from dnn_tf.experiments import saturated_start as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert [row.ok for row in outcome.rows] == [True, True]
    assert [claim.holds for claim in outcome.claims] == [True]
    assert outcome.figure is not None


@pytest.mark.parametrize(
    ("loss", "slope"),
    [
        (page.sigmoid_squared_error, lambda a: a * a * (1 - a)),
        (page.sigmoid_cross_entropy, lambda a: a),
    ],
)
def test_three_steps_by_hand(monkeypatch, loss, slope):
    monkeypatch.setattr(page, "STEPS", 3)
    w, b, by_hand = 2.0, 2.0, []
    for _ in range(4):
        a = 1 / (1 + np.exp(-(w + b)))
        by_hand.append(a)
        w, b = w - 0.15 * slope(a), b - 0.15 * slope(a)
    np.testing.assert_allclose(page.outputs_of(loss, Setting(quick=True)), by_hand, rtol=1e-5)
