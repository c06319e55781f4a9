"""What the random layers share."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import layers

ALL = {
    "RReLU": layers.RReLU,
    "Dropout": layers.Dropout,
    "AlphaDropout": lambda **words: layers.AlphaDropout(0.3, **words),
    "GaussianNoise": layers.GaussianNoise,
}
X = np.random.default_rng(0).normal(size=(50, 20)).astype("float32")


@pytest.fixture(params=ALL, ids=ALL)
def make(request):
    return ALL[request.param]


def test_new_numbers_at_every_call_and_the_same_ones_from_the_same_seed(make):
    one, other = make(seed=3), make(seed=3)
    first, second = one(X, training=True), one(X, training=True)
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(other(X, training=True), first)
    np.testing.assert_array_equal(other(X, training=True), second)


def test_without_a_seed_the_global_one_counts(make):
    found = []
    for _ in range(2):
        keras.utils.set_random_seed(7)
        found.append(make()(X, training=True))
    np.testing.assert_array_equal(*found)
    assert not np.array_equal(make()(X, training=True), make()(X, training=True))


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_new_numbers_inside_a_compiled_function_too(make, jit_compile):
    """The same ones from the same seed; XLA draws others than eager TensorFlow does."""

    def walk(layer):
        function = tf.function(
            lambda x: layer(x, training=True), jit_compile=jit_compile, autograph=False
        )
        return [function(tf.constant(X)).numpy() for _ in range(3)]

    first, second = walk(make(seed=3)), walk(make(seed=3))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first[0], first[1])
    if not jit_compile:
        eager = make(seed=3)
        np.testing.assert_allclose(first[0], eager(X, training=True), rtol=1e-5, atol=1e-6)


def test_seed_is_kept_in_the_config(make):
    layer = make(seed=3)
    again = type(layer).from_config(layer.get_config())
    np.testing.assert_array_equal(again(X, training=True), layer(X, training=True))


def test_no_rows_in_training(make):
    assert make()(X[:0], training=True).shape == (0, 20)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16", "float64"])
def test_precision_in_training(make, policy):
    layer = make(seed=3, dtype=policy)
    y = layer(X.astype(layer.compute_dtype if policy == "float64" else "float32"), training=True)
    assert y.dtype == policy.removeprefix("mixed_")
    assert np.isfinite(tf.cast(y, tf.float32)).all()


def test_gradient_in_training(make):
    """Of a dropped number 0, of others what they were multiplied by."""
    x = tf.constant(X)
    layer, again = make(seed=3), make(seed=3)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x, training=True))
    h = 1e-2
    numeric = (make(seed=3)(x + h, training=True) - again(x - h, training=True)) / (2 * h)
    smooth = np.abs(X) > 2 * h  # away from the kink
    np.testing.assert_allclose(
        tape.gradient(total, x).numpy()[smooth], numeric.numpy()[smooth], atol=1e-3
    )
