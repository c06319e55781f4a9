"""The construction phase."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import activations, layers, models
from dnn_tf.types import InputError


def test_the_documents_network():
    model = models.dnn()
    assert [layer.name for layer in model.layers] == ["X", "hidden1", "hidden2", "outputs"]
    assert model.input_shape == (None, 784)
    assert model.output_shape == (None, 10)
    assert model.count_params() == 785 * 300 + 301 * 100 + 101 * 10  # G17
    assert all(isinstance(layer, layers.NeuronLayer) for layer in model.layers[1:])


def test_ends_in_logits():
    model = models.dnn(4, (3,), 2)
    z = model(np.random.default_rng(0).normal(size=(50, 4)))
    assert float(keras.ops.min(z)) < 0  # no softmax, no ReLU
    assert model.get_layer("outputs").activation is activations.identity


def test_float64_formula():
    model = models.dnn(4, (5, 3), 2)
    x = np.random.default_rng(0).normal(size=(6, 4))
    W1, b1, W2, b2, W3, b3 = (weight.astype("float64") for weight in model.get_weights())
    h = np.maximum(np.maximum(x @ W1 + b1, 0) @ W2 + b2, 0)
    np.testing.assert_allclose(model(x), h @ W3 + b3, rtol=1e-5, atol=1e-6)


def test_the_variant_on_dense_starts_with_glorot():
    """G5: the document calls the two variants alike; they start from other distributions."""
    ours, dense = models.dnn(), models.dnn(layer=keras.layers.Dense)
    assert isinstance(dense.get_layer("hidden1"), keras.layers.Dense)
    assert dense.get_layer("hidden1").kernel_initializer.__class__.__name__ == "GlorotUniform"
    spread = [float(keras.ops.std(model.get_layer("hidden1").kernel)) for model in (ours, dense)]
    assert spread == pytest.approx([0.0628, 0.0430], rel=0.01)


def test_document_initialiser_on_dense_layers_too():
    model = models.dnn(layer=keras.layers.Dense, kernel_initializer="document")
    assert float(keras.ops.std(model.get_layer("hidden1").kernel)) == pytest.approx(
        0.0628, rel=0.01
    )


def test_no_hidden_layers():
    assert [layer.name for layer in models.dnn(hidden=()).layers] == ["X", "outputs"]


@pytest.mark.parametrize(
    ("sizes", "word"), [({"n_inputs": 0}, "n_inputs"), ({"n_outputs": 2.5}, "n_outputs")]
)
def test_sizes(sizes, word):
    with pytest.raises(InputError, match=f"{word} is a whole number"):
        models.dnn(**sizes)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "maxout"])
def test_is_one_affine_map_around_a_point(activation):
    """A14: between two kinks a network of rectifiers is linear."""
    keras.config.set_dtype_policy("float64")
    model = models.dnn(6, (20, 10), 3, activation=activation)
    keras.config.set_dtype_policy("float32")
    x = tf.constant(np.random.default_rng(0).normal(size=(1, 6)).astype("float32"), tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = model(x)
    slope = tape.jacobian(y, x).numpy()[0, :, 0]
    nearby = x + np.float32(1e-4) * np.random.default_rng(1).normal(size=(50, 6)).astype("float32")
    nearby = tf.cast(tf.cast(nearby, tf.float32), tf.float64)  # a model takes float32
    np.testing.assert_allclose(model(nearby), y + (nearby - x) @ slope.T, rtol=1e-9)
    far = x + 10.0
    assert not np.allclose(model(far), y + (far - x) @ slope.T, rtol=1e-3)


def test_the_order_of_the_pixels_is_nothing_to_it(blobs, fit_blobs):
    """1k: with its first weights in the same order it trains to the same network."""
    order = np.random.default_rng(0).permutation(6)
    straight, shuffled = models.dnn(6, (16,), 3), models.dnn(6, (16,), 3)
    kernel, *others = straight.get_weights()
    shuffled.set_weights([kernel[order], *others])
    fit_blobs(straight), fit_blobs(shuffled, (blobs.train.x[:, order], blobs.train.y))
    np.testing.assert_allclose(
        shuffled(blobs.test.x[:, order]), straight(blobs.test.x), rtol=1e-4, atol=1e-5
    )
