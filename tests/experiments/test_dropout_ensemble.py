"""Means over masks, and ensembles."""

import numpy as np
import pytest

from dnn_tf import models
from dnn_tf.experiments import dropout_ensemble as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [None, None]  # of one seed
    assert outcome.figure is not None


@pytest.mark.parametrize("seed", [1, 2])
def test_the_geometric_mean_of_one_softmax_layer_is_exact(seed):
    assert page.geometric_gap(seed) < 1e-12


def test_means_over_masks(blobs):
    model = models.dnn(6, (50,), 3, dropout=0.5)
    of = page.over_masks(model, blobs.test.x, 3)
    assert of.shape == (3, 30, 3)
    np.testing.assert_allclose(of.sum(axis=-1), 1, rtol=1e-5)
    assert not np.allclose(of[0], of[1])


def test_a_bootstrap_sample_repeats_rows(blobs):
    one = page.bootstrap(blobs, 1).train
    assert len(one) == len(blobs.train)
    assert len(np.unique(one.x, axis=0)) == pytest.approx(0.63 * len(one), rel=0.15)


def test_accuracy_by_hand():
    p = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert page.right(p, np.array([0, 0])) == 0.5


@pytest.mark.parametrize(
    ("averaged", "holds"),
    [((0.951, 0.952, 0.953), True), ((0.981, 0.982, 0.983), False), ((0.93, 0.95, 0.97), None)],
)
def test_the_claim_of_averages(averaged, holds):
    claim = page.averages({"dropout, in use": (0.951, 0.951, 0.952), "mean": averaged})
    assert claim.holds is holds


@pytest.mark.parametrize(
    ("losses", "holds"),
    [((0.1, 0.11, 0.1), True), ((0.3, 0.31, 0.3), False), ((0.1, 0.2, 0.3), None)],
)
def test_a_smaller_gap_alone_is_not_less_overfitting(losses, holds):
    plain = [page.Run(None, None, 1.0, 0.95, 0.2)] * 3
    dropped = [page.Run(None, None, 0.96, 0.95, loss) for loss in losses]
    assert page.overfits(plain, dropped).holds is holds
