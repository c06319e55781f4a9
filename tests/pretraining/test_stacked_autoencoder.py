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


class Keep(keras.callbacks.Callback):
    """The autoencoders, each as it was trained last."""

    def __init__(self):
        super().__init__()
        self.models = []

    def on_train_begin(self, logs=None):
        self.models.append(self.model)


def trained(**words):
    """What was learnt, and the whole autoencoders."""
    keep = Keep()
    return learnt(callbacks=[keep], **words), keep.models


@pytest.mark.parametrize("corruption", ["gaussian", "masking"])
def test_corruption_is_drawn_from_the_seed(corruption):
    def damages(seed):
        _, models = trained(corruption=corruption, seed=seed)
        return [model.layers[1].seed for model in models]

    assert damages(1) == damages(1)
    assert len({*damages(1), *damages(2)}) == 4  # of each layer, under each seed


@pytest.mark.parametrize("corruption", ["gaussian", "masking"])
def test_training_is_corrupted_and_validation_is_not(corruption):
    words = {"hidden": (4,), "corruption": corruption, "validation": PLANE}
    found, (model,) = trained(level=0.9, **words)
    whole = np.mean((model(PLANE) - PLANE) ** 2)
    assert found.histories[0]["val_loss"] == [pytest.approx(whole, rel=1e-5)]
    damaged = np.mean((model(PLANE, training=True) - PLANE) ** 2)
    assert abs(damaged - whole) > 0.01 * whole


def same(one, other):
    return all(np.array_equal(*weights) for weights in zip(one, other, strict=True))


def test_same_seed_same_bits():
    """Whatever Keras' own generators are at: the start of the weights follows from the seed too."""

    def weights(seed, of_keras):
        keras.utils.set_random_seed(of_keras)
        words = {"corruption": "masking", "epochs": 1, "jit_compile": False}
        network = stacked_autoencoder(PLANE, (4, 2), seed=seed, **words).network
        return network.get_weights()

    assert same(weights(1, of_keras=1), weights(1, of_keras=2))
    assert same(weights(1, of_keras=1), weights(np.int64(1), of_keras=1))
    assert not same(weights(1, of_keras=1), weights(2, of_keras=1))


def test_nothing_of_a_layer_is_drawn_as_another_thing():
    """Encoder and decoder start apart, and so do the layers."""
    never = {"make_optimizer": lambda: optimizers.GradientDescent(1e-9)}
    _, models = trained(hidden=(6, 6), activation="identity", **never)
    kernels = [
        np.ravel(layer.kernel)
        for model in models
        for layer in (model.get_layer("encoder").get_layer("hidden1"), model.get_layer("decoder"))
    ]
    assert np.abs(np.corrcoef(kernels) - np.eye(4)).max() < 0.6


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16", "float64"])
def test_other_precisions(monkeypatch, policy):
    targets = []

    def fit(model, data, **words):
        targets.append(data.train.y.dtype)
        return dnn_tf.fit(model, data, **words)

    monkeypatch.setattr(module, "fit", fit)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        found = learnt(validation=PLANE, epochs=10, make_optimizer=adam)
    finally:
        keras.config.set_dtype_policy(before)
    assert targets == ["float64" if policy == "float64" else "float32"] * 2
    for history in found.histories:
        assert history["val_loss"][-1] < history["val_loss"][0]


def test_goes_on_in_the_layer_that_was_in_training(monkeypatch, tmp_path):
    """Killed in the second layer; the first is not trained again."""
    whole = learnt(checkpoint=tmp_path / "whole").network.get_weights()
    fits = []

    def killed(model, data, **words):
        fits.append(words["checkpoint"].path.name)
        if len(fits) == 2:
            raise KeyboardInterrupt
        return dnn_tf.fit(model, data, **words)

    with monkeypatch.context() as patched:
        patched.setattr(module, "fit", killed)
        with pytest.raises(KeyboardInterrupt):
            learnt(checkpoint=tmp_path / "killed")
    assert fits == ["layer1", "layer2"]
    assert same(learnt(checkpoint=tmp_path / "killed").network.get_weights(), whole)
    again = learnt(checkpoint=tmp_path / "killed").network.get_weights()  # all had ended
    assert same(again, whole)


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
        ({"level": 0.9}, "level is 0.9 and there is no corruption: name one, 'masking' or 'gaus"),
        ({"metrics": ()}, "stacked_autoencoder takes no metrics: there is no metric but the loss"),
        ({"optimizer": adam()}, "stacked_autoencoder takes no optimizer: .*: give make_optimizer"),
        ({"loss": None}, "stacked_autoencoder takes no loss: the loss is losses.mean_squared_er"),
        ({"checkpoint": 3}, "checkpoint is a path or training.Checkpoints, and got 3"),
        ({"seed": "one"}, "seed is a whole number from 0"),
        ({"epochs": 0}, "epochs is a whole number, 1 or more"),
        ({"batch_size": 0}, "batch_size is a whole number, 1 or more"),
    ],
    ids=["nan", "images", "no rows", "validation", "no layer", "no units", "corruption", "level",
         "level of nothing", "metrics", "optimizer", "loss", "checkpoint", "seed", "epochs",
         "batch size"],
)  # fmt: skip
def test_what_cannot_be_used(words, message):
    with pytest.raises(InputError, match=message):
        learnt(**words)
