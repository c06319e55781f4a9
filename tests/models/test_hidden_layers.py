"""What belongs to a hidden layer, and what does not go together."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import constraints, layers, models, regularizers
from dnn_tf.types import InputError


def names(model):
    return [layer.name for layer in model.layers]


class TestOrder:
    def test_normalisation_before_activation_before_dropout(self):
        """R2."""
        model = models.dnn(6, (8, 5), 3, activation="elu", batch_norm=True, dropout=0.5)
        expected = ["hidden1", "hidden1_bn", "hidden1_activation", "hidden1_dropout"]
        assert names(model)[1:5] == expected
        assert names(model)[-1] == "outputs"
        assert model.get_layer("hidden1").activation is dnn_tf.activations.identity
        assert model.get_layer("hidden1_bn").momentum == 0.9

    def test_formula_with_everything(self):
        model = models.dnn(4, (5,), 2, activation="tanh", batch_norm=True, dropout=0.5)
        x = np.random.default_rng(0).normal(size=(6, 4))
        W, b, gamma, beta, W2, b2, mean, variance = (
            w.numpy().astype("float64") for w in model.trainable_weights
            + model.non_trainable_weights[:2]
        )  # fmt: skip
        z = gamma * (x @ W + b - mean) / np.sqrt(variance + 1e-3) + beta
        np.testing.assert_allclose(model(x), np.tanh(z) @ W2 + b2, rtol=1e-5, atol=1e-6)


@pytest.mark.usefixtures("without_xla")
class TestEverythingTrainsAndIsSaved:
    @pytest.mark.parametrize(
        "words",
        [
            {"activation": "prelu"},
            {"activation": "rrelu"},
            {"activation": "maxout"},
            {"activation": "leaky_relu", "kernel_initializer": "he_average_normal"},
            {"activation": keras.layers.LeakyReLU(0.1), "batch_norm": True},
            {"activation": "prelu", "batch_norm": True, "dropout": 0.2},
            {"activation": "selu", "dropout": layers.AlphaDropout(0.1)},
            {"kernel_regularizer": regularizers.L1(1e-4), "dropout": layers.GaussianNoise(0.1)},
            {"kernel_constraint": constraints.MaxNorm(2.0), "layer": keras.layers.Dense},
            {"activation": "leaky_relu", "layer": keras.layers.Dense},
            {"activation": "prelu", "layer": keras.layers.Dense},
        ],
        ids=lambda words: " ".join(words),
    )
    def test_learns_and_comes_back_bit_by_bit(self, blobs, fit_blobs, words, tmp_path):
        model = models.dnn(6, (16, 8), 3, **words)
        history = fit_blobs(model, epochs=30).history
        assert history["loss"][-1] < history["loss"][0]
        assert history["val_accuracy"][-1] > 0.8
        expected = model.predict(blobs.test.x, verbose=0)
        loaded = dnn_tf.load(dnn_tf.save(model, tmp_path / "m", data=blobs))
        np.testing.assert_array_equal(loaded.predict(blobs.test.x, verbose=0), expected)


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("layer", [layers.NeuronLayer, keras.layers.Dense])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_every_weight_moves(fit_blobs, layer, batch_norm):
    """The slopes of a PReLU too, which Keras' Dense would build too late to be trained."""
    model = models.dnn(6, (8, 5), 3, activation="prelu", layer=layer, batch_norm=batch_norm)
    assert len(model.trainable_weights) == 8 + 4 * batch_norm
    before = model.get_weights()
    fit_blobs(model)
    for one, other in zip(before, model.get_weights(), strict=True):
        assert not np.array_equal(one, other)


def test_batch_norm_as_a_layer():
    model = models.dnn(6, (8, 5), 3, batch_norm=layers.BatchNorm(momentum=0.5))
    momenta = [model.get_layer(f"hidden{number}_bn").momentum for number in (1, 2)]
    assert momenta == [0.5, 0.5]
    with pytest.raises(InputError, match="batch_norm is True, False or a layer"):
        models.dnn(batch_norm="yes")


class TestCopies:
    def test_every_hidden_layer_has_its_own(self):
        model = models.dnn(6, (8, 5), 3, activation=layers.PReLU("zeros"), dropout=layers.Dropout())
        slopes = [model.get_layer(name).activation.slope for name in ("hidden1", "hidden2")]
        assert [tuple(slope.shape) for slope in slopes] == [(8,), (5,)]
        assert names(model).count("hidden1_dropout") == 1

    def test_of_a_seeded_layer_draw_on_their_own(self):
        model = models.dnn(6, (8, 8), 3, dropout=layers.Dropout(0.5, seed=1))
        x = np.ones((5, 8), "float32")
        one, other = (
            model.get_layer(f"hidden{number}_dropout")(x, training=True) for number in (1, 2)
        )
        assert not np.array_equal(one, other)
        again = models.dnn(6, (8, 8), 3, dropout=layers.Dropout(0.5, seed=1))
        np.testing.assert_array_equal(again.get_layer("hidden1_dropout")(x, training=True), one)

    def test_penalties_on_all_layers_bounds_on_the_hidden_ones(self):
        model = models.dnn(
            6, (8, 5), 3, kernel_regularizer=regularizers.L2(), kernel_constraint="max_norm"
        )
        assert len(model.losses) == 3
        assert [layer.kernel.constraint is not None for layer in model.layers[1:]] == [
            True,
            True,
            False,
        ]


class TestRefused:
    @pytest.mark.parametrize("words", [{"batch_norm": True}, {"layer": keras.layers.Dense}])
    def test_beside_maxout(self, words):
        with pytest.raises(InputError, match="maxout is a layer of its own.*leave out"):
            models.dnn(activation="maxout", **words)

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            ({"activation": layers.Maxout(3)}, "take activation='maxout'"),
            ({"layer": "dense"}, "layer is NeuronLayer or keras.layers.Dense, not a name"),
            ({"hidden": 3}, "hidden is a sequence of whole numbers"),
            ({"activation": "rel"}, "unknown activation 'rel'"),
            ({"kernel_initializer": "xavierr"}, "unknown initialiser 'xavierr'"),
            ({"dropout": 1.0}, "rate is a number from 0 up to and without 1"),
            ({"hidden": (8, 0)}, "hidden2 is a whole number, 1 or more, and got 0"),
        ],
    )
    def test_words(self, words, message):
        with pytest.raises(InputError, match=message):
            models.dnn(**words)
