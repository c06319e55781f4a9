"""Sparse networks."""

import zlib

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import losses, optimizers
from dnn_tf.data import Split
from dnn_tf.sparsity import kernels, measure_size, sparsify
from dnn_tf.types import InputError

LAYERS = ("hidden1", "hidden2", "outputs")
LOSS = losses.sparse_softmax_cross_entropy


@pytest.fixture
def known(small_model):
    """Kernels of 48, 40 and 15 entries, counted through from 1; biases of a thousandth."""
    numbers = np.arange(1.0, 104.0)
    kernels = iter(
        [numbers[:48].reshape(6, 8), -numbers[48:88].reshape(8, 5), numbers[88:].reshape(5, 3)]
    )
    small_model.set_weights(
        [next(kernels) if w.ndim == 2 else np.full_like(w, 1e-3) for w in small_model.get_weights()]
    )
    return small_model


def test_below_the_threshold(known, blobs):
    told = sparsify(known, blobs.test, loss=LOSS, threshold=50.0)
    assert (told.before.weights, told.before.nonzero, told.after.nonzero) == (103, 103, 54)
    assert told.after.sparsity == pytest.approx(49 / 103)
    kernel = known.get_layer("hidden2").get_weights()[0]
    assert (kernel == 0).sum() == 1  # -49; a weight of -50 stays
    assert (known.get_layer("hidden1").get_weights()[1] == np.float32(1e-3)).all()  # biases stay


def test_a_share_of_all(known, blobs):
    told = sparsify(known, blobs.test, loss=LOSS, share=0.5)
    assert told.after.nonzero == 103 - 52
    assert told.threshold == 52.0
    assert str(told).startswith("weights up to 52 set to 0: 103 -> 51 of 103 are not 0, ")


def test_a_share_of_equal_weights(known, blobs):
    known.set_weights([np.full_like(w, -2.0) for w in known.get_weights()])
    told = sparsify(known, blobs.test, loss=LOSS, share=0.5)
    assert (told.after.nonzero, told.threshold) == (51, 2.0)
    first, second, third = (known.get_layer(n).get_weights()[0] for n in LAYERS)
    assert (first == 0).all()  # 48 entries; of equal ones the first
    assert (second.ravel()[:4] == 0).all()
    assert (second.ravel()[4:] == -2).all()
    assert (third == -2).all()


def image_layers():
    return [
        keras.Input((64,)),
        keras.layers.Reshape((8, 8, 1)),
        dnn_tf.layers.LocallyConnected(2, 3),
        keras.layers.PReLU(),
        keras.layers.DepthwiseConv2D(3),
        keras.layers.LayerNormalization(axis=(1, 2)),
        keras.layers.Flatten(),
        dnn_tf.layers.Maxout(4),
        dnn_tf.layers.PReLU(),
        dnn_tf.layers.BatchNorm(),
        dnn_tf.layers.NeuronLayer(3),
    ]


def word_layers():
    return [
        keras.Input((4,)),
        keras.layers.Embedding(5, 6),
        keras.layers.GRU(7),
        keras.layers.Dense(3),
    ]


NETWORKS = {
    "cnn": (lambda: dnn_tf.models.cnn((8, 8, 1), (2,), (4,), 3), ["kernel"] * 3),
    "rnn": (
        lambda: dnn_tf.models.rnn((8, 8), (5,), 3, cell=dnn_tf.layers.GRUCell),
        ["kernel", "recurrent_kernel", "kernel"],
    ),
    "image": (lambda: keras.Sequential(image_layers()), ["kernel"] * 4),
    "words": (
        lambda: keras.Sequential(word_layers()),
        ["embeddings", "kernel", "recurrent_kernel", "kernel"],
    ),
}


@pytest.mark.parametrize(("make", "names"), NETWORKS.values(), ids=NETWORKS)
def test_kernels_and_nothing_else(make, names):
    model = make()
    x = np.random.default_rng(0).integers(0, 5, (6, model.input_shape[1])).astype("float32")
    for weight in model.weights:
        weight.assign(np.full(weight.shape, 0.5))
    sparsify(model, Split(x, np.arange(6) % 3), loss=LOSS, share=1.0)
    assert [weight.name for weight in kernels(model)] == names
    chosen = {weight.path for weight in kernels(model)}
    for weight in model.weights:
        assert (weight.numpy() == (0 if weight.path in chosen else 0.5)).all(), weight.path


def test_a_weight_of_your_own():
    class Own(keras.layers.Layer):
        def build(self, input_shape):
            for name in ("W", "upscale", "output_bias"):
                self.add_weight(name=name, shape=(2, 2))

    model = keras.Sequential([keras.Input((2,)), Own()])
    assert [weight.name for weight in kernels(model)] == ["W", "upscale"]


@pytest.mark.parametrize(("share", "left"), [(0.0, 103), (1.0, 0)])
def test_nothing_and_everything(known, blobs, share, left):
    assert sparsify(known, blobs.test, loss=LOSS, share=share).after.nonzero == left


def test_measures_before_and_after(known, blobs):
    before = dnn_tf.evaluate(known, blobs.test, loss=LOSS)
    told = sparsify(known, blobs.test, loss=LOSS, threshold=100.0)
    after = dnn_tf.evaluate(known, blobs.test, loss=LOSS)
    assert (told.before.loss, told.before.accuracy) == (before["loss"], before["accuracy"])
    assert (told.after.loss, told.after.accuracy) == (after["loss"], after["accuracy"])
    assert before["loss"] != after["loss"]
    everything = b"".join(weight.tobytes() for weight in known.get_weights())
    assert len(zlib.decompress(zlib.compress(everything))) == 4 * (103 + 16)
    assert told.after.bytes_compressed == len(zlib.compress(everything, 9))
    assert told.after.bytes_compressed < told.before.bytes_compressed


def test_in_one_line(known, blobs):
    line = str(sparsify(known, blobs.test, loss=LOSS, threshold=50.0))
    assert line.startswith("weights below 50 set to 0: 103 -> 54 of 103 are not 0, ")


def test_frozen_kernels_are_left_alone(known, blobs):
    known.get_layer("hidden1").trainable = False
    told = sparsify(known, blobs.test, loss=LOSS, share=1.0)
    assert told.before.weights == 55
    assert (known.get_layer("hidden1").get_weights()[0] != 0).all()


def trained(blobs, optimizer, **words):
    model = dnn_tf.models.dnn(6, (30,), 3, **words)
    dnn_tf.fit(model, blobs, loss=LOSS, optimizer=optimizer, epochs=60, batch_size=10, seed=1)
    return model, measure_size(model, blobs.test, loss=LOSS)


@pytest.mark.usefixtures("without_xla")
def test_three_ways_to_a_sparse_network(blobs):
    """L1 makes weights small, which a threshold then takes; FTRL makes them 0 by itself."""
    _, plain = trained(blobs, optimizers.GradientDescent(0.05))
    assert plain.sparsity == 0
    penalised, with_l1 = trained(
        blobs, optimizers.GradientDescent(0.05), kernel_regularizer=dnn_tf.regularizers.L1(0.02)
    )
    assert with_l1.sparsity == 0  # gradient descent steps over the 0
    told = sparsify(penalised, blobs.test, loss=LOSS, threshold=2e-3)
    assert told.after.sparsity > 0.4
    assert told.after.accuracy >= plain.accuracy - 0.05
    _, with_ftrl = trained(blobs, optimizers.FTRL(0.1, l1_regularization_strength=1.0))
    assert with_ftrl.sparsity > 0.4
    assert with_ftrl.accuracy >= plain.accuracy - 0.05


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({}, "give threshold or share, and got None and None"),
        ({"threshold": 1.0, "share": 0.5}, "give threshold or share, and got 1.0 and 0.5"),
        ({"threshold": -1.0}, "threshold is a finite number, 0 or more"),
        ({"share": 1.5}, "share is a number from 0 to 1, and got 1.5"),
    ],
)
def test_what_is_refused(small_model, blobs, words, message):
    before = small_model.get_weights()
    with pytest.raises(InputError, match=message):
        sparsify(small_model, blobs.test, loss=LOSS, **words)
    np.testing.assert_array_equal(before[0], small_model.get_weights()[0])


def test_a_network_without_kernels(small_model, blobs):
    small_model.trainable = False
    with pytest.raises(InputError, match="'dnn' has no kernels that could be trained"):
        sparsify(small_model, blobs.test, loss=LOSS, share=0.5)
