"""Two towers and a judge."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import losses, optimizers, transfer
from dnn_tf.pretraining import pair_network, same_or_different
from dnn_tf.types import InputError

X = np.random.default_rng(1).normal(size=(5, 2, 6)).astype("float32")


def tiny(**words):
    return pair_network(6, (8, 4), judge=3, **words)


def test_size_of_the_notebook():
    """Two towers of 784-100-100-100-100-100, ten units above 200, a logit."""
    tower = 785 * 100 + 4 * 101 * 100
    assert pair_network().count_params() == 2 * tower + 201 * 10 + 11


def test_each_tower_sees_its_own():
    network = tiny()
    a, b = network.get_layer("A")(X[:, 0]), network.get_layer("B")(X[:, 1])
    z = network.get_layer("judge")(np.concatenate([a, b], axis=1))
    np.testing.assert_allclose(network(X), network.get_layer("outputs")(z), rtol=1e-6)


def test_the_towers_share_nothing():
    network = tiny()
    kernels = [network.get_layer(tower).get_layer("hidden1").kernel for tower in "AB"]
    assert not np.array_equal(*kernels)
    assert len(network.trainable_weights) == 2 * 4 + 4


@pytest.mark.parametrize("n_outputs", [1, 2])
def test_learns_to_tell_pairs_apart(blobs, n_outputs):
    data = same_or_different(blobs.train.x, blobs.train.y, 600)
    loss = losses.sigmoid_cross_entropy if n_outputs == 1 else losses.sparse_softmax_cross_entropy
    network = tiny(n_outputs=n_outputs)
    history = dnn_tf.fit(
        network, data, loss=loss, optimizer=optimizers.Adam(0.01), epochs=15, batch_size=20, seed=1,
        metrics=(), jit_compile=False,
    ).history  # fmt: skip
    assert history["loss"][0] > 0.4
    assert history["loss"][-1] < 0.1


def test_tower_is_a_network_for_transfer():
    network = tiny()
    reused = transfer.reuse(network.get_layer("A"), 3, keep="all")
    assert [layer.name for layer in reused.layers] == ["X", "hidden1", "hidden2", "outputs"]
    assert [layer.trainable for layer in reused.layers][1:] == [False, False, True]
    np.testing.assert_array_equal(
        reused.get_layer("hidden2")(reused.get_layer("hidden1")(X[:, 0])),
        network.get_layer("A")(X[:, 0]),
    )


def test_is_saved_and_loaded(tmp_path, blobs):
    data = same_or_different(blobs.train.x, blobs.train.y, 60)
    network = tiny(n_outputs=2)
    dnn_tf.fit(
        network, data, loss=losses.sparse_softmax_cross_entropy,
        optimizer=optimizers.GradientDescent(0.1), epochs=1, batch_size=20, seed=1,
        jit_compile=False,
    )  # fmt: skip
    loaded = dnn_tf.load(dnn_tf.save(network, tmp_path / "pairs", data=data))
    np.testing.assert_array_equal(loaded(X), network(X))
    assert isinstance(loaded.get_layer("A"), keras.Model)


@pytest.mark.parametrize("word", ["n_inputs", "judge", "n_outputs"])
def test_odd_sizes(word):
    with pytest.raises(InputError, match=f"{word} is a whole number, 1 or more, and got 0"):
        pair_network(**{word: 0})


def test_towers_without_layers():
    with pytest.raises(InputError, match="hidden is empty"):
        pair_network(4, ())
