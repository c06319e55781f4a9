"""What the layers with a kernel and a bias share."""

import keras
import numpy as np
import pytest

from dnn_tf import constraints, layers, regularizers
from dnn_tf.types import InputError

ALL = {
    "NeuronLayer": (lambda **words: layers.NeuronLayer(3, **words), (5,)),
    "Maxout": (lambda **words: layers.Maxout(3, **words), (5,)),
    "Convolution": (lambda **words: layers.Convolution(3, 2, **words), (5, 5, 2)),
    "LocallyConnected": (lambda **words: layers.LocallyConnected(3, 2, **words), (5, 5, 2)),
}


@pytest.fixture(params=ALL, ids=ALL)
def kind(request):
    return ALL[request.param]


def test_penalty_and_bound_and_start_come_back_from_the_config(kind):
    make, shape = kind
    layer = make(
        activation="selu",
        kernel_initializer="lecun_uniform",
        bias_initializer="ones",
        kernel_regularizer=regularizers.L2(0.5),
        kernel_constraint=constraints.MaxNorm(0.7),
    )
    again = type(layer).from_config(layer.get_config())
    x = np.ones((2, *shape), "float32")
    again(x)
    assert type(again.kernel_initializer).__name__ == "LeCunUniform"
    assert again.bias.numpy().min() == 1
    assert float(again.losses[0]) == pytest.approx(0.25 * np.sum(again.kernel.numpy() ** 2))
    assert again.kernel.constraint.max_norm == 0.7


@pytest.mark.parametrize("activation", [layers.PReLU(), keras.layers.LeakyReLU(0.1)])
def test_an_activation_that_is_a_layer_comes_back_from_a_file(kind, activation, tmp_path):
    make, shape = kind
    inputs = keras.Input(shape)
    model = keras.Model(
        inputs, make(activation=type(activation).from_config(activation.get_config()))(inputs)
    )
    for weight in model.trainable_weights:
        weight.assign(np.random.default_rng(0).normal(size=weight.shape))
    model.save(tmp_path / "m.keras")
    x = np.random.default_rng(1).normal(size=(4, *shape)).astype("float32")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "m.keras")(x), model(x))


def test_an_activation_that_is_random_in_training_is_told_of_it():
    layer = layers.NeuronLayer(4, activation=layers.RReLU(seed=1))
    x = -np.abs(np.random.default_rng(0).normal(size=(3, 5)))
    np.testing.assert_array_equal(layer(x), layer(x))
    assert not np.array_equal(layer(x, training=True), layer(x, training=True))


@pytest.mark.parametrize(
    ("layer", "shape", "spread"),
    [
        (layers.NeuronLayer(200), (100,), 0.8796 * 2 / np.sqrt(100)),
        (layers.Maxout(100, 2), (100,), np.sqrt(2 / 300)),  # Xavier's, of all the maps
        (layers.Convolution(64, 5), (8, 8, 16), np.sqrt(2 / 400)),  # He's
        (layers.LocallyConnected(16, 3), (9, 9, 8), np.sqrt(2 / 72)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_default_start(layer, shape, spread):
    layer.build((None, *shape))
    assert layer.kernel.numpy().std() == pytest.approx(spread, rel=0.03)
    assert not layer.bias.numpy().any()


def test_starts_in_the_precision_of_the_layer(kind):
    make, shape = kind
    layer = make(dtype="float64", kernel_initializer="he_normal")
    layer.build((None, *shape))
    kernel = layer.kernel.numpy()
    assert kernel.dtype == "float64"
    assert (kernel != kernel.astype("float32")).any()


def test_unknown_names(kind):
    make, _ = kind
    for words in ({"activation": "rel"}, {"kernel_initializer": "xavierr"}):
        with pytest.raises(InputError, match="unknown"):
            make(**words)
