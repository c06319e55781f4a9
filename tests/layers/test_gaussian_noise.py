"""What the table does not say of noise."""

import keras
import numpy as np
import pytest

from dnn_tf import layers
from dnn_tf.types import InputError

X = np.zeros((300, 100), "float32")


def test_spread_and_peer():
    ours, theirs = layers.GaussianNoise(0.3, seed=5), keras.layers.GaussianNoise(0.3, seed=5)
    y = ours(X, training=True).numpy()
    np.testing.assert_array_equal(y, theirs(X, training=True))
    assert y.std() == pytest.approx(0.3, rel=0.01)
    assert y.mean() == pytest.approx(0, abs=0.01)


def test_none():
    np.testing.assert_array_equal(layers.GaussianNoise(0.0)(X, training=True), X)


@pytest.mark.parametrize("stddev", [-0.1, float("nan")])
def test_stddev(stddev):
    with pytest.raises(InputError, match="stddev is a finite number, 0 or more"):
        layers.GaussianNoise(stddev)
