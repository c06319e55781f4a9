"""What the tables do not say of pooling."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import layers
from dnn_tf.types import InputError


def test_tolerates_a_small_shift_and_no_change_of_scale_or_brightness():
    """E45."""
    x = np.zeros((1, 8, 8, 1), "float32")
    x[0, 4, 4] = 1
    shifted = np.roll(x, 1, axis=2)  # within the same window
    pool = layers.MaxPooling(2)
    np.testing.assert_array_equal(pool(x), pool(shifted))
    assert not np.array_equal(pool(x), pool(x + 0.5))  # brighter
    larger = np.zeros((1, 8, 8, 1), "float32")
    larger[0, 3:6, 3:6] = 1
    assert not np.array_equal(pool(x), pool(larger))


@pytest.mark.parametrize("kind", [layers.MaxPooling, layers.MeanPooling])
def test_gradient_of_padded_and_overlapping_windows(kind):
    x = tf.constant(np.random.default_rng(0).normal(size=(2, 5, 6, 2)))
    peer = tf.nn.max_pool2d if kind is layers.MaxPooling else tf.nn.avg_pool2d
    gradients = []
    for function in (kind(3, 2, "same", dtype="float64"), lambda x: peer(x, 3, 2, "SAME")):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(function(x) ** 2)
        gradients.append(tape.gradient(total, x))
    np.testing.assert_allclose(*gradients, rtol=1e-9)


def test_the_frame_is_never_the_largest():
    x = np.full((1, 3, 3, 1), -1e6, "float32")
    np.testing.assert_array_equal(layers.MaxPooling(padding="same")(x), x[:, :2, :2])


def test_of_equal_numbers_the_first_gets_the_gradient_as_in_tensorflow():
    x = tf.zeros((1, 4, 4, 1))
    gradients = []
    for function in (layers.MaxPooling(), lambda x: tf.nn.max_pool2d(x, 2, 2, "VALID")):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(function(x))
        gradients.append(tape.gradient(total, x))
    np.testing.assert_array_equal(*gradients)


@pytest.mark.parametrize("word", ["pool_size", "strides"])
def test_sizes(word):
    with pytest.raises(InputError, match=f"{word} is a whole number"):
        layers.MaxPooling(**{word: 0})
