"""Autoencoders, one on the other."""

import importlib

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import optimizers, transfer
from dnn_tf.pretraining import stacked_autoencoder
from dnn_tf.types import InputError

module = importlib.import_module("dnn_tf.pretraining.stacked_autoencoder")

RNG = np.random.default_rng(1)
PLANE = (RNG.normal(size=(200, 2)) @ RNG.normal(size=(2, 6))).astype("float32")
"""Six features, of which two say all."""


def learnt(x=PLANE, hidden=(4, 2), **words):
    keras.utils.set_random_seed(1)
    usual = {"epochs": 1, "batch_size": 20, "seed": 1, "jit_compile": False}
    return stacked_autoencoder(x, hidden, **usual | words)


def adam():
    return optimizers.Adam(0.01)


def test_two_units_keep_what_two_features_say():
    """A linear autoencoder finds the plane of the first two principal components."""
    found = learnt(hidden=(2,), activation="identity", epochs=40, make_optimizer=adam)
    assert found.histories[0]["loss"][-1] < 0.01 * PLANE.var()


def test_each_layer_learns_what_the_one_below_makes_of_the_data():
    found = learnt(validation=PLANE[:50], epochs=20, make_optimizer=adam)
    assert len(found.histories) == 2
    for history in found.histories:
        assert history["val_loss"][-1] < history["val_loss"][0]
    assert found.network.output_shape == (None, 2)


def test_network_is_that_of_the_encoders(monkeypatch):
    """What comes out of the lower layers is what the upper one was trained on."""
    seen = []

    def fit(model, data, **words):
        seen.append(data.train.x)
        return dnn_tf.fit(model, data, **words)

    monkeypatch.setattr(module, "fit", fit)
    found = learnt()
    np.testing.assert_array_equal(seen[0], PLANE)
    np.testing.assert_allclose(
        found.network.get_layer("hidden1")(PLANE), seen[1], rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("corruption", ["gaussian", "masking"])
def test_corruption_is_drawn_from_the_seed(corruption):
    whole, one, again, other = (
        learnt(hidden=(4,), corruption=kind, seed=seed).histories[0]["loss"]
        for kind, seed in ((None, 1), (corruption, 1), (corruption, 1), (corruption, 2))
    )
    assert one == again
    assert one != other
    assert one != whole


def test_validation_is_not_corrupted():
    """A corrupted one could not be reconstructed so well."""
    found = learnt(
        hidden=(6,), activation="identity", corruption="masking", level=0.9, validation=PLANE,
    )  # fmt: skip
    assert found.histories[0]["val_loss"][0] != found.histories[0]["loss"][0]


def test_same_seeds_same_bits():
    one, other = (learnt().network.get_weights() for _ in range(2))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def test_becomes_an_ordinary_network(tmp_path):
    network = transfer.reuse(learnt().network, 3, keep="all")
    assert [layer.name for layer in network.layers] == ["X", "hidden1", "hidden2", "outputs"]
    loaded = dnn_tf.load(dnn_tf.save(network, tmp_path / "network"))
    np.testing.assert_array_equal(loaded(PLANE), network(PLANE))


def test_an_activation_that_learns_brings_its_weights():
    found = learnt(activation="prelu")
    slopes = found.network.get_layer("hidden2").activation.get_weights()[0]
    assert not np.array_equal(slopes, np.full(2, 0.25))


def test_words_of_fit_reach_it():
    assert len(learnt(callbacks=[dnn_tf.training.MaxSteps(1)], epochs=5).histories[0]["loss"]) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"x": PLANE * np.nan}, r"x\[0, 0\] is nan"),
        ({"x": PLANE.reshape(200, 3, 2)}, "x: x has the shape .200, 3, 2.*flatten the samples"),
        ({"x": PLANE[:0]}, "x has no rows"),
        ({"validation": PLANE[:, :5]}, "validation: a sample has the shape .5,."),
        ({"hidden": ()}, "hidden is empty"),
        ({"hidden": (3, -1)}, "hidden2 is a whole number, 1 or more"),
        ({"corruption": "salt"}, "unknown corruption 'salt'"),
        ({"corruption": "masking", "level": 1.0}, "share is a number from 0 up to and without 1"),
        ({"seed": "one"}, "seed is a whole number, 0 or more"),
        ({"epochs": 0}, "epochs is a whole number, 1 or more"),
        ({"batch_size": 0}, "batch_size is a whole number, 1 or more"),
    ],
    ids=["nan", "images", "no rows", "validation", "no layer", "no units", "corruption", "level",
         "seed", "epochs", "batch size"],
)  # fmt: skip
def test_what_cannot_be_used(words, message):
    with pytest.raises(InputError, match=message):
        learnt(**words)
