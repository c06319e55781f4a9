"""Clipping."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.gradients import clip_by_value
from dnn_tf.types import InputError


def test_by_hand():
    (clipped,) = clip_by_value(0.5)([tf.constant([-2.0, -0.5, 0.1, 0.6])])
    np.testing.assert_array_equal(clipped, np.array([-0.5, -0.5, 0.1, 0.5], "float32"))


def test_peer_on_many():
    rng = np.random.default_rng(0)
    gradients = [tf.constant(rng.normal(size=shape)) for shape in [(3, 4), (4,), (2, 2, 2)]]
    for ours, g in zip(clip_by_value(1.0)(gradients), gradients, strict=True):
        np.testing.assert_array_equal(ours, tf.clip_by_value(g, -1.0, 1.0))


def test_turns_the_direction():
    """E42: the document's text speaks of the norm; its code, kept here, turns the step."""
    g = tf.constant([3.0, 0.1])
    (clipped,) = clip_by_value(1.0)([g])
    cosine = np.dot(g, clipped) / np.linalg.norm(g) / np.linalg.norm(clipped)
    assert cosine < 0.999
    by_norm = tf.clip_by_norm(g, 1.0)
    assert np.dot(g, by_norm) / np.linalg.norm(g) / np.linalg.norm(by_norm) == pytest.approx(1)


@pytest.mark.parametrize("threshold", [0, -1.0, float("nan")])
def test_threshold_above_zero(threshold):
    with pytest.raises(InputError, match="above 0, and got"):
        clip_by_value(threshold)
