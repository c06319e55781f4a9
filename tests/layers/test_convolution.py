"""What the table does not say of convolution."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import layers
from dnn_tf.types import InputError

X = np.random.default_rng(0).normal(size=(2, 9, 8, 3)).astype("float32")


def test_two_without_an_activation_are_one_with_a_larger_window():
    """A15: 3 x 3 after 3 x 3 is 5 x 5, whose kernel is the convolution of the two."""
    first, second = layers.Convolution(4, 3), layers.Convolution(2, 3)
    y = second(first(X))
    W1, b1, W2, b2 = (w.astype("float64") for w in (*first.get_weights(), *second.get_weights()))
    W = np.zeros((5, 5, 3, 2))
    for i in range(3):
        for j in range(3):
            W[i : i + 3, j : j + 3] += np.einsum("rcim,mo->rcio", W1, W2[i, j])
    one = layers.Convolution(2, 5)
    one(X)
    one.set_weights([W, b2 + np.einsum("m,ijmo->o", b1, W2)])
    np.testing.assert_allclose(one(X), y, rtol=1e-4, atol=1e-4)


def test_shares_its_weights():
    """Moved input, moved output."""
    layer = layers.Convolution(4, 3)
    moved = np.roll(X, 2, axis=1)
    np.testing.assert_allclose(layer(moved)[:, 2:], layer(X)[:, :-2], rtol=1e-5, atol=1e-6)
    assert layer.count_params() == 3 * 3 * 3 * 4 + 4


@pytest.mark.parametrize("strides", [1, 2, (1, 3)])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_is_that_of_tensorflow(strides, padding):
    layer = layers.Convolution(4, (2, 3), strides=strides, padding=padding)
    layer(X)
    layer.bias.assign([1.0, 2, 3, 4])
    theirs = tf.nn.conv2d(X, layer.kernel, layer.strides, padding.upper()) + layer.bias
    np.testing.assert_allclose(layer(X), theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "words",
    [{"filters": 0}, {"filters": 2.5}, {"kernel_size": 0}, {"kernel_size": (3, 3, 3)},
     {"strides": -1}],
)  # fmt: skip
def test_sizes(words):
    with pytest.raises(InputError, match=f"{next(iter(words))} is a whole number"):
        layers.Convolution(**{"filters": 4, **words})
