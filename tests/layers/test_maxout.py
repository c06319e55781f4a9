"""What the table does not say of Maxout."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import layers
from dnn_tf.types import InputError

X = np.random.default_rng(0).normal(size=(20, 4)).astype("float32")


def test_two_pieces_contain_relu_and_one_of_them_is_zero():
    """A13, E15."""
    relu, maxout = layers.NeuronLayer(3, "relu"), layers.Maxout(3, pieces=2)
    relu(X), maxout(X)
    W, b = np.zeros((4, 6), "float32"), np.zeros(6, "float32")
    W[:, ::2], b[::2] = relu.get_weights()
    maxout.set_weights([W, b])
    np.testing.assert_array_equal(maxout(X), relu(X))


def test_the_gradient_goes_to_the_largest_piece_alone():
    """E17: a kink is no obstacle."""
    layer = layers.Maxout(1, pieces=3)
    layer(X)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(X[:1]))
    maps = X[:1] @ layer.kernel.numpy()
    gradient = tape.gradient(total, layer.kernel).numpy()
    assert np.flatnonzero(gradient.any(axis=0)).tolist() == [maps.argmax()]


@pytest.mark.parametrize("pieces", [2, 3, 5])
def test_has_as_many_times_the_weights_as_pieces(pieces):
    """E16: not `pieces - 1` more."""
    dense, maxout = layers.NeuronLayer(3), layers.Maxout(3, pieces)
    dense(X), maxout(X)
    assert maxout.count_params() == pieces * dense.count_params()


def test_of_equal_pieces_the_first_gets_the_gradient():
    layer = layers.Maxout(1, pieces=3, kernel_initializer="zeros")
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(X))
    assert np.flatnonzero(tape.gradient(total, layer.bias)).tolist() == [0]


@pytest.mark.parametrize(("word", "least"), [("units", 1), ("pieces", 2)])
@pytest.mark.parametrize("number", [0, -1, 2.5, True, "2"])
def test_odd_numbers(word, least, number):
    with pytest.raises(InputError, match=f"{word} is a whole number, {least} or more, and got"):
        layers.Maxout(**{"units": 3, word: number})


def test_one_piece_is_linear():
    """E15."""
    with pytest.raises(InputError, match="pieces is a whole number, 2 or more, and got 1"):
        layers.Maxout(3, pieces=1)
