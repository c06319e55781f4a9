"""One permutation of all pixels."""

import numpy as np
import pytest

from dnn_tf.experiments import permuted_pixels as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [True, None, None]  # of one seed
    assert outcome.figure is not None


def test_the_locally_connected_network():
    assert list(page.networks(Setting())) == ["dense", "convolutional", "locally connected"]
    model = page.local()
    assert model.output_shape == (None, 10)
    assert model.count_params() == 144 * (25 + 1) * 4 + (576 + 1) * 64 + 65 * 10


def test_a_permutation_moves_every_row_alike(sample):
    order = np.random.default_rng(1).permutation(784)
    moved = page.permuted(Setting(quick=True).first(300), order)
    np.testing.assert_array_equal(moved.train.x[:, np.argsort(order)], sample.train.x[:300])
    np.testing.assert_array_equal(moved.validation.y, sample.validation.y)


@pytest.mark.parametrize(
    ("dense", "conv", "verdicts"),
    [
        ((0.0, 0.001, -0.001), (0.08, 0.09, 0.1), [True, True, False]),
        ((0.05, 0.051, 0.052), (0.0, 0.001, -0.001), [True, False, True]),
        ((0.0, 0.05, -0.02), (0.0, 0.05, -0.02), [True, None, None]),
    ],
)
def test_claims(dense, conv, verdicts):
    """Each network loses so much, seed by seed."""
    losses = {"dense": dense, "convolutional": conv}
    accuracy = {n: np.array([[0.9, 0.9 - by] for by in of]) for n, of in losses.items()}
    assert [claim.holds for claim in page.claims(accuracy, 1e-7)] == verdicts
    assert page.claims(accuracy, 0.1)[0].holds is False
