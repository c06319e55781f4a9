"""One loss over several heads."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import losses
from dnn_tf.types import InputError

HEADS = tf.constant(np.random.default_rng(0).normal(size=(5, 3, 4)))
LABELS = np.array([0, 1, 2, 3, 0])


def test_is_the_weighted_sum_over_the_heads():
    weights = (1.0, 0.3, 0.2)
    loss = losses.deep_supervision(losses.sparse_softmax_cross_entropy, weights)
    expected = sum(
        w * losses.sparse_softmax_cross_entropy(LABELS, HEADS[:, h]) for h, w in enumerate(weights)
    )
    np.testing.assert_allclose(loss.call(LABELS, HEADS), expected)
    np.testing.assert_allclose(loss(LABELS, HEADS), np.mean(expected), rtol=1e-6)


def test_of_a_configured_loss_is_still_one_value_an_example():
    y, z = np.zeros((5, 4)), HEADS
    plain = losses.deep_supervision(losses.huber, (1, 0.3, 0.2))
    configured = losses.deep_supervision(losses.Configured(losses.huber), (1, 0.3, 0.2))
    weights = np.array([1.0, 0, 0, 0, 0])
    np.testing.assert_allclose(configured.call(y, z), plain.call(y, z))
    np.testing.assert_allclose(
        configured(y, z, sample_weight=weights), plain(y, z, sample_weight=weights)
    )


def test_a_weight_a_head():
    loss = losses.deep_supervision(losses.sparse_softmax_cross_entropy, (1.0, 0.3))
    with pytest.raises(InputError, match="has 2 weights, and the model 3 heads"):
        loss(LABELS, HEADS)


def test_outputs_without_heads():
    loss = losses.deep_supervision(losses.sparse_softmax_cross_entropy, (1.0, 0.3, 0.3, 0.3))
    with pytest.raises(InputError, match="have no heads"):
        loss(LABELS, HEADS[:, 0])
