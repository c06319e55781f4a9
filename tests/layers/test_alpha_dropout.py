"""What the table does not say of alpha dropout."""

import keras
import numpy as np
import pytest

from dnn_tf import layers

X = np.random.default_rng(0).normal(size=(500, 400)).astype("float32")


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.5])
def test_keeps_mean_and_variance_where_plain_dropout_spreads_them(rate):
    y = layers.AlphaDropout(rate, seed=1)(X, training=True).numpy()
    assert y.mean() == pytest.approx(0, abs=0.02)
    assert y.std() == pytest.approx(1, abs=0.02)
    plain = layers.Dropout(rate, seed=1)(X, training=True).numpy()
    assert plain.var() == pytest.approx(1 / (1 - rate), abs=0.02)


def test_from_the_same_seed_it_is_that_of_keras():
    ours, theirs = layers.AlphaDropout(0.3, seed=5), keras.layers.AlphaDropout(0.3, seed=5)
    np.testing.assert_allclose(ours(X, training=True), theirs(X, training=True), rtol=1e-6)
