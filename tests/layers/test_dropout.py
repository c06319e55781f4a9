"""What the tables do not say of dropout."""

import keras
import numpy as np
import pytest

from dnn_tf import layers
from dnn_tf.types import InputError

X = np.random.default_rng(0).normal(size=(200, 100)).astype("float32")


def test_from_the_same_seed_it_drops_what_keras_drops():
    ours, theirs = layers.Dropout(0.3, seed=5), keras.layers.Dropout(0.3, seed=5)
    np.testing.assert_allclose(ours(X, training=True), theirs(X, training=True), rtol=1e-6)


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.9])
def test_share_and_scale(rate):
    y = layers.Dropout(rate, seed=1)(X, training=True).numpy()
    assert np.mean(y == 0) == pytest.approx(rate, abs=0.01)
    np.testing.assert_allclose(y[y != 0], X[y != 0] / (1 - rate), rtol=1e-5)


def test_in_use_it_is_the_mean_of_training():
    layer = layers.Dropout(0.5, seed=1)
    trained = np.mean([layer(X, training=True) for _ in range(400)], axis=0)
    np.testing.assert_allclose(trained, layer(X), atol=0.5)
    assert np.mean(trained - X) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("kind", [layers.Dropout, layers.AlphaDropout])
def test_what_is_dropped_is_gone_even_if_it_was_infinite(kind):
    y = kind(0.5, seed=1)(np.full((1, 100), np.inf, "float32"), training=True).numpy()
    assert set(np.isinf(y).ravel()) == {True, False}
    assert not np.isnan(y).any()


@pytest.mark.parametrize("kind", [layers.Dropout, layers.AlphaDropout])
@pytest.mark.parametrize("rate", [1.0, -0.1, float("nan"), 2])
def test_rate(kind, rate):
    with pytest.raises(InputError, match="rate is a number from 0 up to and without 1, and got"):
        kind(rate)
