"""What the table does not say of RReLU."""

import numpy as np
import pytest

from dnn_tf import layers
from dnn_tf.types import InputError

X = np.random.default_rng(0).normal(size=(300, 100))


def test_slopes_in_training_are_uniform_and_one_a_number():
    layer = layers.RReLU(0.1, 0.5, seed=1, dtype="float64")
    y = layer(X, training=True).numpy()
    np.testing.assert_array_equal(y[X > 0], X[X > 0])
    slopes = np.sort((y / X)[X < 0])
    assert slopes[0] >= 0.1
    assert slopes[-1] < 0.5
    even = np.linspace(0.1, 0.5, len(slopes))
    np.testing.assert_allclose(slopes, even, atol=0.01)  # quantile by quantile


def test_in_use_it_is_the_mean_of_training():
    """A7."""
    layer = layers.RReLU(seed=1)
    trained = np.mean([layer(X, training=True) for _ in range(200)], axis=0)
    np.testing.assert_allclose(trained, layer(X), atol=0.05)


@pytest.mark.parametrize(
    ("lower", "upper"), [(0.5, 0.1), (-0.1, 0.1), (0.1, 1.5), (float("nan"), 0.5), ("a", 0.5)]
)
def test_slopes(lower, upper):
    with pytest.raises(InputError, match="0 <= lower <= upper <= 1, and got lower="):
        layers.RReLU(lower, upper)
