"""The document's initialisers, by number, by formula, by peer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf import initializers
from dnn_tf.initializers.document import document_stddev
from dnn_tf.types import InputError

TRUNCATED = 0.8796
"""The spread of a standard normal cut off at two."""


def test_stddev_by_hand():
    assert document_stddev(100, 44, corrected=False) == 2 / 10
    assert document_stddev(100, 44, corrected=True) == 2 / 12


@pytest.mark.parametrize(("name", "fan"), [("document", 784), ("document_corrected", 784 + 300)])
def test_spread_and_cut(name, fan):
    weights = initializers.get(name)((784, 300)).numpy()
    stddev = 2 / np.sqrt(fan)
    assert abs(weights.mean()) < 5 * stddev / np.sqrt(weights.size)
    assert weights.std() == pytest.approx(TRUNCATED * stddev, rel=5e-3)
    assert np.abs(weights).max() <= 2 * stddev


def test_same_distribution_as_the_documents_truncated_normal():
    ours = np.sort(initializers.get("document")((784, 300)).numpy().ravel())
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        draw = tf.compat.v1.truncated_normal((784, 300), stddev=2 / np.sqrt(784), seed=1)
        theirs = np.sort(session.run(draw).ravel())
    assert np.abs(ours - theirs).max() < 0.005  # quantile by quantile; the range is +-0.143
    assert np.abs(ours - theirs).mean() < 0.0005


def test_printed_and_corrected_differ_from_he_and_xavier():
    spreads = {
        name: float(keras.ops.std(initializers.get(name)((784, 300))))
        for name in ("document", "document_corrected", "he_normal", "glorot_normal")
    }
    assert list(spreads.values()) == pytest.approx([0.0628, 0.0534, 0.0505, 0.0430], rel=0.01)


def test_not_for_a_bias():
    with pytest.raises(InputError, match=r"\(7,\): use 'zeros' for a bias"):
        initializers.DocumentNormal()((7,))


def test_one_instance_starts_every_layer_differently():
    model = dnn_tf.models.dnn(5, (5,), 5, kernel_initializer=keras.initializers.HeNormal())
    first, second = (layer.kernel.numpy() for layer in model.layers[1:])
    assert not np.array_equal(first, second)
