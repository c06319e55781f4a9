"""Sparsity against accuracy."""

import numpy as np
import pytest

from dnn_tf.experiments import sparse_networks as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [None] * 3  # of one seed
    assert outcome.figure is not None


def test_affordable_and_price():
    thinned = page.Thinned((0.0, 0.5, 0.9), np.array([0.95, 0.945, 0.5]), 0.0)
    assert thinned.affordable == 0.5
    assert thinned.price == pytest.approx(0.005)
    assert page.Thinned((0.0, 0.5, 0.9), np.array([0.95, 0.9, 0.5]), 0.0).affordable == 0.0


def three(prices, zeros):
    """Networks that pay this for half of their weights."""
    shares = (0.0, 0.5, 0.9)
    return [
        page.Thinned(shares, np.array([0.95, 0.95 - price, 0.1]), share)
        for price, share in zip(prices, zeros, strict=True)
    ]


@pytest.mark.parametrize(
    ("plain", "penalty", "zeros", "verdicts"),
    [
        ((0.0, 0.001, 0.0), (0.0, 0.0, 0.0), (0.7, 0.71, 0.7), [True, None, True]),
        ((0.03, 0.031, 0.03), (0.0, 0.0, 0.0), (0.1, 0.11, 0.1), [False, True, False]),
        ((0.0, 0.0, 0.0), (0.03, 0.03, 0.03), (0.3, 0.5, 0.7), [True, False, None]),
        ((-0.02, 0.01, 0.04), (0.0, 0.0, 0.0), (0.3, 0.5, 0.7), [None, None, None]),
    ],
)
def test_claims(plain, penalty, zeros, verdicts):
    found = {
        page.PLAIN: three(plain, (0, 0, 0)),
        page.PENALTY: three(penalty, (0, 0, 0)),
        page.DUAL: three((0, 0, 0), zeros),
    }
    assert [claim.holds for claim in page.claims(found)] == verdicts


def test_thinning_gives_the_weights_back(small_model, blobs):
    before = small_model.get_weights()
    scores = page.thinned(small_model, (0.0, 1.0), blobs.validation)
    assert scores.shape == (2,)
    for one, other in zip(before, small_model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_exact_zeros(small_model):
    assert page.exact_zeros(small_model) == 0
    small_model.set_weights([0 * weight for weight in small_model.get_weights()])
    assert page.exact_zeros(small_model) == 1
