"""Linear layers are one; ReLU networks are linear piece by piece."""

import numpy as np
import pytest
from scipy import signal

from dnn_tf.experiments import linear_stacks as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [True, True]
    assert outcome.figure is not None


def test_merged_kernels_are_scipys():
    rng = np.random.default_rng(1)
    k1, k2 = rng.normal(size=(3, 2, 1, 1)), rng.normal(size=(2, 3, 1, 1))
    ours = page.merged(k1, k2)[..., 0, 0]
    np.testing.assert_allclose(ours, signal.convolve2d(k1[..., 0, 0], k2[..., 0, 0]))


def test_affine_map_by_hand():
    weights = [
        (np.array([[1.0, -1.0]]), np.array([0.0, 1.0])),
        (np.array([[3.0], [5.0]]), np.zeros(1)),
    ]
    _, on = page.forward(weights, np.array([2.0]))  # the second unit is 1 - 2 < 0
    W, b = page.affine_map(weights, on)
    assert (W.tolist(), b.tolist()) == ([[3.0]], [0.0])


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_teeth_are_counted(depth):
    assert page.pieces(page.sawtooth(depth), np.zeros(1), np.ones(1)) == 2**depth


def test_sawtooth_by_hand():
    x = np.array([[0.0], [0.25], [0.5], [0.75], [1.0]])
    np.testing.assert_allclose(page.forward(page.sawtooth(2), x)[0][:, 0], [0, 1, 0, 1, 0])


def test_claims_can_fail():
    exact, off = page.Gaps(1e-15, 1.0, 0.0, 1e-15, 0.4), page.Gaps(0.1, 1.0, 0.0, 0.1, 0.4)
    assert [claim.holds for claim in page.claims(exact)] == [True, True]
    assert [claim.holds for claim in page.claims(off)] == [False, False]
