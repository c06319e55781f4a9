"""Planted faults are named, and healthy networks are left in peace."""

import json

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import losses, models, optimizers
from dnn_tf.diagnostics import inspect
from dnn_tf.diagnostics.restoring import state_of
from dnn_tf.types import InputError

LOSS = losses.sparse_softmax_cross_entropy
SEEDS = [0, 1]


@pytest.fixture
def pixels(sample):
    return sample.train.x[:300], sample.train.y[:300]


@pytest.fixture
def standardised(pixels):
    x, y = pixels
    return (x - x.mean()) / x.std(), y


def network(width=100, depth=20, seed=0, **words):
    keras.utils.set_random_seed(seed)
    return models.dnn(784, (width,) * depth, 10, **words)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("width", [32, 100, 300])
def test_plain_normal_weights_saturate_the_sigmoid(pixels, width, seed):
    """By the norms of the gradients alone nothing would be wrong: they do not vanish (E46)."""
    depth = 20 if width == 100 else 3
    model = network(width, depth, seed, activation="sigmoid", kernel_initializer="plain_normal")
    report = inspect(model, *pixels, LOSS)
    assert report.root.name == "hidden1"
    assert report.root.problem == "saturated"
    assert "start the weights with xavier_normal" in report.root.remedy
    assert report.root.delta_share > 0.1
    assert all(layer.problem != "vanishing gradient" for layer in report.layers)


@pytest.mark.parametrize(("width", "seed"), [(32, 0), (100, 1)])
def test_deep_sigmoid_from_xavier_vanishes(pixels, width, seed):
    model = network(width, 20, seed, activation="sigmoid", kernel_initializer="xavier_normal")
    report = inspect(model, *pixels, LOSS)
    assert report.root.name == "hidden1"
    assert report.root.problem == "vanishing gradient"
    assert report.root.delta_share < 1e-8
    assert report.root.update_ratio < 1e-10  # its weights stand still
    assert report.layers[-2].problem is None
    assert "he_normal" in report.verdict


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("width", [32, 300])
def test_dead_units_below_a_large_negative_bias(pixels, width, seed):
    model = network(width, 4, seed, kernel_initializer="he_normal")
    model.get_layer("hidden2").bias.assign(np.full(width, -10.0))
    report = inspect(model, *pixels, LOSS)
    assert (report.root.name, report.root.problem) == ("hidden2", "dead units")
    assert "start its bias at 0" in report.root.remedy


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("width", [32, 100])
def test_a_linear_stack_that_explodes(pixels, width, seed):
    model = network(width, 8, seed, activation=None, kernel_initializer="plain_normal")
    report = inspect(model, *pixels, LOSS)
    assert (report.root.name, report.root.problem) == ("hidden1", "exploding outputs")
    assert "batch normalisation" in report.root.remedy


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("kind", ["ours", "keras"])
def test_wrong_averages(pixels, frozen, kind):
    norm = True if kind == "ours" else keras.layers.BatchNormalization()
    model = network(100, 3, batch_norm=norm, activation="elu", kernel_initializer="he_normal")
    for number in (1, 2, 3):
        dense, layer = model.get_layer(f"hidden{number}"), model.get_layer(f"hidden{number}_bn")
        seen = keras.Model(model.inputs[0], dense.output)(pixels[0]).numpy()
        layer.moving_mean.assign(seen.mean(axis=0))
        layer.moving_variance.assign(seen.var(axis=0))
    wrong = model.get_layer("hidden2_bn")
    wrong.trainable = not frozen
    wrong.moving_mean.assign(wrong.moving_mean + 3.0)
    report = inspect(model, *pixels, LOSS)
    assert (report.root.name, report.root.problem) == ("hidden2_bn", "wrong averages")
    assert "until its averages have followed" in report.root.remedy


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "selu"])
def test_pixels_that_nobody_scaled(pixels, activation):
    x, y = pixels
    report = inspect(network(100, 3, activation=activation), x * 255, y, LOSS)
    assert (report.root.name, report.root.problem) == ("hidden1", "unscaled input")
    assert "pixels / 255" in report.root.remedy
    scaled = keras.Sequential([keras.Input((784,)), keras.layers.Rescaling(1 / 255), network()])
    assert inspect(scaled, x * 255, y, LOSS).healthy


@pytest.mark.parametrize(
    ("width", "depth", "seed"), [(32, 20, 0), (100, 50, 0), (300, 3, 0), (300, 3, 1)]
)
def test_healthy_selu(standardised, width, depth, seed):
    assert inspect(network(width, depth, seed, activation="selu"), *standardised, LOSS).healthy


@pytest.mark.parametrize(
    ("width", "depth", "seed"), [(32, 50, 1), (100, 20, 0), (300, 3, 0), (300, 3, 1)]
)
def test_healthy_relu(standardised, width, depth, seed):
    """In these 50 layers of 32 units 0.7 of one are 0 on all rows, and the others on none."""
    model = network(width, depth, seed, kernel_initializer="he_normal")
    report = inspect(model, *standardised, LOSS)
    assert report.healthy, report.verdict


@pytest.mark.parametrize(
    "make",
    [
        models.dnn,
        lambda: models.cnn(filters=(8, 16)),
        lambda: models.rnn(units=(20,), cell=dnn_tf.layers.LSTMCell),
        lambda: network(100, 4, activation="elu", kernel_initializer="he_normal", batch_norm=True),
        lambda: network(100, 5, activation="tanh", kernel_initializer="xavier_normal"),
    ],
    ids=["the document's", "convolutions", "lstm", "batch norm", "tanh"],
)
def test_healthy_at_the_start(pixels, make):
    x, y = pixels
    report = inspect(make(), x[:300], y[:300], LOSS)
    assert report.healthy, report.verdict


@pytest.mark.parametrize(
    "words",
    [{}, {"kernel_initializer": "he_normal", "batch_norm": True}],
    ids=["the document's", "batch norm"],
)
@pytest.mark.usefixtures("without_xla")
def test_healthy_after_some_training(sample, words):
    keras.utils.set_random_seed(0)
    model = models.dnn(**words)
    optimizer = optimizers.GradientDescent(0.05)
    dnn_tf.fit(model, sample, loss=LOSS, optimizer=optimizer, epochs=3, batch_size=50, seed=0)
    report = inspect(model, sample.validation.x, sample.validation.y)
    assert report.healthy, report.verdict
    assert report.update_rule == "GradientDescent at 0.05"


def test_the_model_is_left_as_it_was(pixels):
    model = network(20, 2, batch_norm=True, dropout=0.5)
    model.compile(optimizers.Adam(0.01), LOSS, metrics=["accuracy"], run_eagerly=True)
    model.fit(pixels[0][:50], pixels[1][:50], verbose=0)
    before = [variable.numpy().copy() for variable in state_of(model)]
    flags = [layer.trainable for layer in model.layers]
    report = inspect(model, *pixels)
    assert report.update_rule == "Adam at 0.01"
    for variable, value in zip(state_of(model), before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert flags == [layer.trainable for layer in model.layers]
    assert model.compiled
    assert str(inspect(model, *pixels)) == str(report)


def test_also_where_it_fails(pixels):
    model = network(20, 2, batch_norm=True)
    before = [variable.numpy().copy() for variable in model.variables]
    with pytest.raises(InputError, match="the loss is nan"):
        inspect(model, *pixels, lambda y, z: z[:, 0] * np.nan)
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)


def test_two_outputs(pixels):
    x = keras.Input((784,))
    h = keras.layers.Dense(20, "elu", kernel_initializer="he_normal", name="h")(x)
    heads = [keras.layers.Dense(10, name=name)(h) for name in ("one", "two")]
    report = inspect(keras.Model(x, heads), pixels[0], [pixels[1]] * 2, [LOSS, LOSS])
    assert [layer.is_output for layer in report.layers] == [False, True, True]
    assert report.healthy
    shares = [layer.delta_share for layer in report.layers[1:]]
    assert np.hypot(*shares) == pytest.approx(1)


@pytest.mark.parametrize("words", [{"learning_rate": 0}, {"optimizer": "adam"}, {"rows": 1.5}])
def test_words_that_cannot_be(pixels, words):
    with pytest.raises(InputError, match="learning_rate is|optimiser was expected|rows is"):
        inspect(network(5, 1), *pixels, LOSS, **words)


@pytest.fixture
def small():
    rng = np.random.default_rng(0)
    return rng.normal(size=(60, 20)).astype("float32"), np.arange(60) % 3


def test_what_really_explodes_is_named_without_gradients(small):
    model = models.dnn(20, (100,) * 45, 3, activation=None, kernel_initializer="plain_normal")
    report = inspect(model, *small, LOSS, optimizer=optimizers.Adam(0.01))
    assert not np.isfinite(report.loss)
    assert (report.root.name, report.root.problem) == ("hidden1", "exploding outputs")
    assert report.layers[0].gradient_norm is None
    assert "cut off" not in str(report)
    assert json.loads(json.dumps(report.summary(), allow_nan=False))["root"] == "hidden1"
    report.figure()


def test_gradients_that_are_no_numbers(small):
    """The loss is finite; the root of 0 has an infinite slope, and that times 0 is no number."""
    report = inspect(models.dnn(20, (8,), 3), *small, lambda y, z: keras.ops.sqrt(z - z) + z)
    assert report.root.problem == "not a number"
    assert report.root.name == "outputs"
    assert "Look for a root of 0" in report.verdict


def test_averages_that_are_no_numbers(small):
    model = models.dnn(20, (8,), 3, batch_norm=True)
    norm = model.get_layer("hidden1_bn")
    norm.moving_mean.assign(np.full(8, np.nan))
    report = inspect(model, *small, LOSS)
    assert (report.root.name, report.root.problem) == ("hidden1_bn", "not a number")


def bare_relu(bias):
    x = keras.Input((20,))
    h = keras.layers.Dense(30, bias_initializer=keras.initializers.Constant(bias), name="h")(x)
    return keras.Model(x, keras.layers.Dense(3, name="out")(keras.ops.relu(h)))


def test_relus_that_are_no_layer_and_dead(small):
    report = inspect(bare_relu(-50.0), *small, LOSS)
    assert (report.root.name, report.root.problem) == ("h", "no gradient")
    assert inspect(bare_relu(0.0), *small, LOSS).healthy


def test_a_last_kernel_that_starts_from_zeros(small):
    x = keras.Input((20,))
    h = keras.layers.Dense(64, "relu", kernel_initializer="he_normal")(x)
    model = keras.Model(x, keras.layers.Dense(3, kernel_initializer="zeros")(h))
    report = inspect(model, *small, LOSS)
    assert report.healthy, report.verdict


@pytest.mark.parametrize(("factor", "healthy"), [(1.0, True), (200.0, False), (1e-4, False)])
def test_a_frozen_base(small, factor, healthy):
    """Its features may be of any size; what reads the input is the base, and not the head."""
    x = keras.Input((20,))
    base = keras.layers.Dense(64, name="base", trainable=False)
    model = keras.Model(x, keras.layers.Dense(3, name="head")(base(x)))
    base.kernel.assign(base.kernel * 13)
    report = inspect(model, small[0] * factor, small[1], LOSS)
    assert report.layers[0].reads_input
    assert not report.layers[1].reads_input
    if healthy:
        assert report.healthy, report.verdict
    else:
        assert (report.root.name, report.root.problem) == ("base", "unscaled input")


def test_sigmoids_that_answer_may_be_sure_also_if_they_are_reshaped(small):
    x = keras.Input((20,))
    sure = keras.layers.Dense(3, "sigmoid", kernel_initializer=keras.initializers.Constant(9.0))
    model = keras.Model(x, keras.ops.reshape(sure(x), (-1, 3, 1)))
    report = inspect(model, *small, lambda y, p: keras.ops.mean(p, axis=(1, 2)))
    assert report.layers[0].saturated > 0.9
    assert report.layers[0].problem is None


def test_attention_to_many_places_alike_is_not_saturated():
    x = np.random.default_rng(0).normal(size=(8, 60, 8)).astype("float32")
    inputs = keras.Input((60, 8))
    # With dropout Keras takes the softmax in a layer, which is seen.
    h = keras.layers.MultiHeadAttention(2, 4, dropout=0.1)(inputs, inputs)
    model = keras.Model(inputs, keras.layers.Dense(3)(keras.layers.Flatten()(h)))
    report = inspect(model, x, np.arange(8) % 3, LOSS)
    shares = [layer.saturated for layer in report.layers if layer.activation == "softmax"]
    assert all(layer.problem != "saturated" for layer in report.layers)
    assert shares == [0.0]


def test_a_fixed_batch(small):
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(50, 4, 5)),
            keras.layers.LSTM(16, stateful=True),
            keras.layers.Dense(3),
        ]
    )
    x, y = small[0].reshape(60, 4, 5), small[1]
    with pytest.raises(InputError, match="say rows=50"):
        inspect(model, x, y, LOSS)
    before = [variable.numpy().copy() for variable in model.variables]
    assert inspect(model, x, y, LOSS, rows=50).rows == 50
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
