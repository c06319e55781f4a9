"""One permutation of all pixels."""

import numpy as np

from dnn_tf.experiments import permuted_pixels as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [True, True, False]
    assert outcome.figure is not None


def test_the_locally_connected_network():
    assert list(page.networks(Setting())) == ["dense", "convolutional", "locally connected"]
    model = page.local()
    assert model.output_shape == (None, 10)
    assert model.count_params() == 144 * (25 + 1) * 4 + (576 + 1) * 64 + 65 * 10


def test_a_permutation_moves_every_row_alike(sample):
    order = np.random.default_rng(1).permutation(784)
    moved = page.permuted(page.first_images(sample, 300), order)
    np.testing.assert_array_equal(moved.train.x[:, np.argsort(order)], sample.train.x[:300])
    np.testing.assert_array_equal(moved.validation.y, sample.validation.y)
