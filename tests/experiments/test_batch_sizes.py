"""All rows, some, or one."""

import numpy as np
import tensorflow as tf

from dnn_tf import models
from dnn_tf.experiments import batch_sizes as page
from dnn_tf.experiments.setting import Setting
from dnn_tf.losses import sparse_softmax_cross_entropy


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    judged = [row for row in outcome.rows if row.reference is not None]
    assert [row.name for row in judged if row.ok is not True] == []
    assert [claim.holds for claim in outcome.claims] == [True, True]
    assert outcome.figure is not None


def test_the_gradient_by_hand_is_that_of_the_tape(sample):
    model, x, y = models.dnn(hidden=(5, 4)), sample.train.x[:7], sample.train.y[:7]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(sparse_softmax_cross_entropy(y, model(x)))
    gradients = tape.gradient(loss, model.trainable_variables)
    flat = np.concatenate([np.ravel(g) for g in gradients])
    np.testing.assert_allclose(page.flat_gradient(model, x, y), flat, rtol=1e-4, atol=1e-6)
