"""All rows, some, or one."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import models
from dnn_tf.experiments import batch_sizes as page
from dnn_tf.experiments.setting import Setting
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.types import DivergenceError


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    judged = [row for row in outcome.rows if row.reference is not None]
    assert [row.name for row in judged if row.ok is not True] == []
    assert [claim.holds for claim in outcome.claims] == [None, None]  # of one seed
    assert outcome.figure is not None


@pytest.mark.parametrize(
    ("one", "loss", "holds"),
    [
        ([0.5, 0.6, 0.55], [2.0, 2.1, 2.2], True),
        ([0.1, 0.12, 0.11], [0.1, 0.11, 0.12], False),
        ([0.5, 0.1, 0.3], [2.0, 0.1, 0.5], None),
    ],
)
def test_the_claims_are_judged_seed_by_seed(one, loss, holds):
    later = [{1: (1.0, share), page.MINI: (0.1, 0.3)} for share in one]
    losses = {"batch": loss, "mini-batch": [0.5, 0.51, 0.52], "stochastic": [0.6, 0.61, 0.62]}
    found = page.claims(losses, dict.fromkeys(losses, 0.1), later)
    assert [claim.holds for claim in found] == [holds, holds]


def test_a_rate_that_is_too_large_has_an_infinite_loss(monkeypatch):
    def diverges(*_, **__):
        raise DivergenceError("NaN")

    monkeypatch.setattr(Setting, "fit", diverges)
    assert page.trained(Setting(quick=True), "batch", 10.0, seed=0).loss == np.inf


def test_the_gradient_by_hand_is_that_of_the_tape(sample):
    model, x, y = models.dnn(hidden=(5, 4)), sample.train.x[:7], sample.train.y[:7]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(sparse_softmax_cross_entropy(y, model(x)))
    gradients = tape.gradient(loss, model.trainable_variables)
    flat = np.concatenate([np.ravel(g) for g in gradients])
    np.testing.assert_allclose(page.flat_gradient(model, x, y), flat, rtol=1e-4, atol=1e-6)
