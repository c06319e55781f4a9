"""Squared and absolute error on spoilt labels."""

import numpy as np
import pytest

from dnn_tf import losses
from dnn_tf.experiments import outliers as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [None, None]  # of one seed
    assert len(outcome.figure.axes) == 3


@pytest.mark.parametrize("seed", [1, 2])
def test_a_tenth_of_the_labels_is_spoilt_in_the_right_half(seed):
    x, y = page.draw(seed)
    spoilt = np.abs(y - page.SLOPE * x[:, 0] - page.INTERCEPT) > 4
    assert spoilt.sum() == page.SPOILT
    assert x[spoilt].min() > np.median(x)


def test_two_steps_by_hand(monkeypatch):
    monkeypatch.setattr(page, "EPOCHS", 2)
    x, y = np.array([[1.0], [2.0]], "float32"), np.array([5.0, 5.0], "float32")
    path = page.fit_line(losses.mean_absolute_error, x, y, 0.1, Setting(quick=True))
    np.testing.assert_allclose(path, [[0.15, 0.1], [0.3, 0.2]], rtol=1e-5)  # means of x and of 1


def fitted(squared, constant, falling):
    """Lines that end, and stay, so far above the true slope, which is the linear programme's."""
    ends = {page.SQUARED: squared, page.ABSOLUTE: constant, page.FALLING: falling}
    paths = {name: np.full((20, 2), page.SLOPE + off) for name, off in ends.items()}
    return page.Fitted(np.zeros(2), paths, 0.0, page.SLOPE)


@pytest.mark.parametrize(
    ("squared", "constant", "falling", "verdicts"),
    [
        ((1.0, 1.1, 1.0), (0.1, 0.11, 0.1), (0.0, 0.0, 0.0), [True, True]),
        ((0.1, 0.11, 0.1), (0.1, 0.11, 0.1), (0.5, 0.5, 0.5), [False, False]),
        ((0.1, 0.9, 0.5), (0.1, 0.9, 0.5), (0.5, 0.5, 0.5), [None, None]),
    ],
)
def test_claims(squared, constant, falling, verdicts):
    found = [fitted(*ends) for ends in zip(squared, constant, falling, strict=True)]
    assert [claim.holds for claim in page.claims(found)] == verdicts


def test_distances_by_hand():
    one = fitted(-0.5, 0.25, 0.0)
    assert (one.off(page.SQUARED), one.astray(page.ABSOLUTE)) == (0.5, 0.25)
