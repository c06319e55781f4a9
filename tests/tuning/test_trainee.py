"""From values to what is trained, and what is refused."""

import dataclasses

import keras
import keras_tuner
import numpy as np
import pytest

from dnn_tf import losses, models, optimizers
from dnn_tf.runs import Settings
from dnn_tf.tuning.trainee import make_trainee, try_out
from dnn_tf.types import InputError

SOFTMAX = keras.losses.SparseCategoricalCrossentropy


def network(n_inputs=6, n_outputs=3, activation=None):
    model = models.dnn(n_inputs, (4,), n_outputs)
    if activation:
        layer = activation
        if not isinstance(activation, keras.Layer):
            layer = keras.layers.Activation(activation)
        outputs = layer(model.outputs[0])
        model = keras.Model(model.inputs[0], outputs)
    return model


def compiled(model, loss=losses.sparse_softmax_cross_entropy):
    model.compile(optimizers.Adam(0.01), loss)
    return model


def trainee(space, data, hp=None, **words):
    given = {"epochs": 5, "patience": 2, "seed": 1} | words
    return make_trainee(space, hp or keras_tuner.HyperParameters(), data, **given)


def test_of_settings(classes):
    settings = Settings(
        hidden=(5,), clip_norm=1.0, batch_size=7, schedule="one_cycle", learning_rate=0.1, epochs=99
    )
    made = trainee(lambda hp: settings, classes)
    assert [layer.name for layer in made.model.layers] == ["X", "hidden1", "outputs"]
    assert made.model.output_shape == (None, 3)
    assert made.words["batch_size"] == 7
    assert made.words["clip"] is not None
    assert made.words["optimizer"]._learning_rate.total_steps == 5 * 9  # 60 rows, by 7
    assert [type(one).__name__ for one in made.words["callbacks"]] == ["EarlyStopping"]
    assert made.words["callbacks"][0].patience == 2
    assert made.settings["epochs"] == 5
    assert made.settings["early_stopping"] == 2
    assert made.settings["seed"] == 1


def test_of_a_compiled_model(classes):
    def space(hp):
        hp.Choice("batch_size", [10, 20], default=20)
        return compiled(network(), SOFTMAX(from_logits=True))

    made = trainee(space, classes)
    assert made.words["batch_size"] == 20
    assert isinstance(made.words["loss"], SOFTMAX)
    assert isinstance(made.words["optimizer"], optimizers.Adam)
    assert made.words["callbacks"][0].restore_best_weights
    assert made.settings == {"hyperparameters": {"batch_size": 20}}


def test_without_a_batch_size_it_is_50(classes):
    assert trainee(lambda hp: compiled(network()), classes).words["batch_size"] == 50


@pytest.mark.parametrize("make", [lambda hp: Settings(hidden=(4,)), lambda hp: compiled(network())])
def test_the_seed_draws_the_weights(make, classes):
    one, same, other = (trainee(make, classes, seed=seed).model for seed in (3, 3, 4))
    assert np.array_equal(one.get_weights()[0], same.get_weights()[0])
    assert not np.array_equal(one.get_weights()[0], other.get_weights()[0])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda hp: None, "a compiled keras.Model, and this one returned NoneType"),
        (lambda hp: hp.Choice("n", [1]) / 0, r"raised ZeroDivisionError: .* \(with {'n': 1}\)"),
        (lambda hp: network(), "without a loss: compile it"),
        (lambda hp: Settings(starts=2), "sets starts, which a search does not do"),
        (lambda hp: Settings(threshold=0.1), "sets threshold, which"),
        (lambda hp: Settings(learning_rate="auto"), "learning_rate 'auto': a search tries rates"),
        (lambda hp: Settings(activation="swoosh"), "unknown activation 'swoosh'"),
        (lambda hp: Settings(optimizer="swish"), "unknown optimi[sz]er 'swish'"),
        (lambda hp: Settings(hidden=(0,)), "hidden1 is a whole number"),
    ],
)
def test_what_no_trainee_can_be_made_of(make, message, classes):
    with pytest.raises(InputError, match=message):
        trainee(make, classes)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda: compiled(network(n_outputs=4)), r"\(None, 4\), and the data have 3 classes"),
        (lambda: compiled(network(n_inputs=5)), r"a sample has the shape \(6,\), and the model"),
        (
            lambda: compiled(network(), keras.losses.CategoricalCrossentropy(from_logits=True)),
            "cannot be trained on class numbers and saved: ",
        ),
        (lambda: compiled(network(), "sparse_categorical_crossentropy"), "takes probabilities"),
        (lambda: compiled(network(), SOFTMAX()), "takes probabilities, and the network ends in"),
        (
            lambda: compiled(network(activation=keras.layers.Softmax())),
            "ends in a softmax: end it in logits",
        ),
        (
            lambda: compiled(network(activation="softmax"), "sparse_categorical_crossentropy"),
            "ends in a softmax: end it in logits",
        ),
        (lambda: compiled(keras.Sequential([keras.layers.Dense(3)])), "is not built"),
        (
            lambda: compiled(network(activation=lambda z: z * 2)),
            "cannot be trained on class numbers and saved: The object .* includes a `lambda`",
        ),
    ],
)
def test_what_cannot_be_trained_shows_in_one_step(model, message, classes):
    with pytest.raises(InputError, match=message):
        try_out(trainee(lambda hp: model(), classes), classes)


def test_what_can_be_passes(classes):
    try_out(trainee(lambda hp: compiled(network()), classes), classes)
    try_out(trainee(lambda hp: Settings(hidden=(4,), batch_norm=True), classes), classes)


def test_what_diverges_passes(classes):
    """A trial may, too, and others may not."""
    huge = dataclasses.replace(Settings(hidden=(4,)), learning_rate=1e38)
    try_out(trainee(lambda hp: huge, classes), classes)
