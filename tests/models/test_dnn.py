"""The construction phase."""

import keras
import numpy as np
import pytest

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
