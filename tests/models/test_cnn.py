"""The convolutional network."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import layers, models
from dnn_tf.types import InputError


def test_shapes_on_the_way():
    model = models.cnn()
    shapes = {layer.name: layer.output.shape[1:] for layer in model.layers}
    assert shapes["image"] == (28, 28, 1)
    assert shapes["conv1"] == (26, 26, 32)
    assert shapes["pool1"] == (13, 13, 32)
    assert shapes["conv2"] == (11, 11, 64)
    assert shapes["features"] == (5 * 5 * 64,)
    assert model.output_shape == (None, 10)


def test_is_that_of_keras_layers_with_its_weights():
    ours = models.cnn((10, 9, 2), (4, 3), (6,), 5, kernel_size=2, activation="tanh")
    theirs = keras.Sequential(
        [
            keras.Input((180,)),
            keras.layers.Reshape((10, 9, 2)),
            keras.layers.Conv2D(4, 2, activation="tanh"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(3, 2, activation="tanh"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(6, "tanh"),
            keras.layers.Dense(5),
        ]
    )
    x = np.random.default_rng(0).normal(size=(3, 180)).astype("float32")
    theirs.set_weights(ours.get_weights())
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-5, atol=1e-5)


def trained(data, seed=1):
    keras.utils.set_random_seed(seed)
    history = dnn_tf.fit(
        models.cnn(filters=(8, 16), hidden=()),
        data,
        loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=keras.optimizers.Adam(3e-3),
        epochs=3,
        batch_size=50,
        seed=seed,
    )
    return history.history["val_accuracy"][-1]


def test_shuffled_pixels_break_it(sample):
    """1k: it sees what is near; a dense network does not care (`test_dnn`)."""
    order = np.random.default_rng(0).permutation(784)
    shuffled = dnn_tf.data.Dataset(
        *(dnn_tf.data.Split(split.x[:, order], split.y) for split in sample.splits().values()),
        class_names=sample.class_names,
        source="shuffled",
    )
    straight = trained(sample)
    assert straight > 0.9
    assert trained(shuffled) < straight - 0.05


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"image_shape": (28, 28)}, r"image_shape is \(rows, columns, channels\)"),
        ({"image_shape": (28, 0, 1)}, "columns is a whole number"),
        ({"filters": (8, 8, 8, 8)}, "a window of . is larger than the image"),
        ({"filters": (0,)}, "filters1 is a whole number"),
        ({"filters": 4}, "filters is a sequence of whole numbers"),
        ({"image_shape": 28}, r"image_shape is \(rows, columns, channels\)"),
        ({"activation": "maxout"}, "maxout is for dense layers"),
        ({"n_outputs": 0}, "n_outputs is a whole number"),
        ({"activation": "mish"}, "no rule for the activation 'mish'"),
    ],
)
def test_sizes(words, message):
    with pytest.raises(InputError, match=message):
        models.cnn(**words)


def test_another_activation_with_an_initialiser_named():
    assert models.cnn(activation="mish", kernel_initializer="he_normal")


def test_every_word_has_its_effect():
    model = models.cnn(
        filters=(2,), hidden=(4,), kernel_size=(5, 3), pool_size=3, kernel_initializer="ones",
        dropout=0.3,
    )  # fmt: skip
    assert model.get_layer("conv1").kernel_size == (5, 3)
    assert model.get_layer("pool1").pool_size == (3, 3)
    assert model.get_layer("hidden1_dropout").rate == 0.3
    for name in ("conv1", "hidden1", "outputs"):
        assert (model.get_layer(name).kernel.numpy() == 1).all()


@pytest.mark.parametrize(
    ("activation", "start"),
    [("relu", "HeNormal"), ("tanh", "XavierNormal"), ("selu", "LeCunNormal")],
)
def test_starts_as_recommended(activation, start):
    model = models.cnn(filters=(2,), hidden=(4,), activation=activation)
    for name in ("conv1", "hidden1", "outputs"):
        assert type(model.get_layer(name).kernel_initializer).__name__ == start


def test_warns_beside_selu():
    with pytest.warns(UserWarning, match="take kernel_initializer='lecun_normal'"):
        models.cnn(activation="selu", kernel_initializer="he_normal")


def test_seeded_copies_are_counted_through():
    model = models.cnn(filters=(2, 2), hidden=(4, 4), activation=layers.RReLU(seed=1))
    names = ("conv1", "conv2", "hidden1", "hidden2")
    assert [model.get_layer(name).activation.seed for name in names] == [1, 2, 3, 4]


@pytest.mark.parametrize("activation", ["prelu", "rrelu", layers.PReLU("zeros")])
def test_an_activation_that_is_a_layer_is_one_a_layer(activation, tmp_path):
    model = models.cnn((8, 8, 1), (3, 4), (5,), 3, kernel_size=2, activation=activation)
    x = np.random.default_rng(0).normal(size=(4, 64)).astype("float32")
    again = dnn_tf.load(dnn_tf.save(model, tmp_path / "m"))
    np.testing.assert_array_equal(again(x), model(x))
