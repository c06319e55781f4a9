"""Autoencoders before 20,000 labels, in short."""

import numpy as np
import pytest

from dnn_tf.experiments import autoencoder as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert [row.ok for row in outcome.rows] == [True, True]
    assert len(list(outcome.claims)) == 1
    assert outcome.figure is not None


def test_as_large_a_part_of_the_sample():
    assert page.n_labels(Setting()) == 20_000
    assert page.n_labels(Setting(quick=True)) == 4_500 * 20 // 55


def test_the_penalty_is_that_of_tf1():
    """`tf.contrib.layers.l2_regularizer(s)` is `s / 2 * sum w^2`, of kernels and not of biases."""
    model = page.classifier(7)
    kernels = [layer.kernel.numpy() for layer in model.layers[1:]]
    by_hand = sum(0.0005 / 2 * np.sum(kernel**2) for kernel in kernels)
    assert float(sum(model.losses)) == pytest.approx(by_hand, rel=1e-5)
    assert [kernel.shape for kernel in kernels] == [(7, 300), (300, 150), (150, 10)]


def test_a_single_stored_run():
    assert page.within_range(0.5, [0.4, 0.6])
    assert page.within_range(0.7, [0.4, 0.6]) == ""
