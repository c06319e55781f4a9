"""Means over masks, and ensembles."""

import numpy as np
import pytest

from dnn_tf import models
from dnn_tf.experiments import dropout_ensemble as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    masks, _, gap = (claim.holds for claim in outcome.claims)
    assert (masks, gap) == (True, True)
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
    assert page.mean_right([p, p[::-1]], np.array([0, 1])) == 0.5
