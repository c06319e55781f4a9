"""Sparsity against accuracy."""

import numpy as np

from dnn_tf.experiments import sparse_networks as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [True, False, True]
    assert outcome.figure is not None


def test_affordable():
    assert page.affordable((0.0, 0.5, 0.9), np.array([0.95, 0.945, 0.5])) == 0.5
    assert page.affordable((0.0, 0.5, 0.9), np.array([0.95, 0.9, 0.5])) == 0.0


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
