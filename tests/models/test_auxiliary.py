"""Deep supervision."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf import losses, metrics, models
from dnn_tf.types import InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")

CROSS_ENTROPY = losses.sparse_softmax_cross_entropy


def deep(depth=12):
    """Sigmoids, so deep that the gradient vanishes."""
    keras.utils.set_random_seed(0)
    return models.dnn(6, (20,) * depth, 3, activation="sigmoid", kernel_initializer="xavier_normal")


def test_shares_the_layers_and_puts_the_models_own_output_first(blobs):
    model = deep(3)
    supervised = models.with_auxiliary_outputs(model, ["hidden1", "hidden2"])
    heads = supervised(blobs.test.x)
    assert heads.shape == (30, 3, 3)
    np.testing.assert_array_equal(heads[:, 0], model(blobs.test.x))
    hidden = keras.Model(model.input, model.get_layer("hidden1").output)(blobs.test.x)
    W, b = supervised.get_layer("hidden1_auxiliary").get_weights()
    np.testing.assert_allclose(heads[:, 1], hidden @ W + b, rtol=1e-5)


def first_gradient(model, loss, blobs):
    with tf.GradientTape() as tape:
        total = tf.reduce_mean(loss(blobs.train.y, model(blobs.train.x)))
    return float(tf.norm(tape.gradient(total, model.get_layer("hidden1").kernel)))


def test_sends_the_first_layer_a_gradient_that_has_not_vanished(blobs):
    """L14, 003's fourth remedy."""
    model = deep()
    alone = first_gradient(model, CROSS_ENTROPY, blobs)
    supervised = models.with_auxiliary_outputs(model, ["hidden2"])
    loss = losses.deep_supervision(CROSS_ENTROPY, (1.0, 0.3))
    assert first_gradient(supervised, loss, blobs) > 1e4 * alone


@pytest.mark.parametrize("through", ["dnn_tf.fit", "model.fit"])
def test_trains_the_model_itself(blobs, fit_blobs, through):
    model = deep(2)
    supervised = models.with_auxiliary_outputs(model, ["hidden1"])
    loss = losses.deep_supervision(CROSS_ENTROPY, (1.0, 0.3))
    own = metrics.main_output(metrics.accuracy)
    sgd = keras.optimizers.SGD(0.5, momentum=0.9)
    if through == "dnn_tf.fit":
        history = fit_blobs(supervised, loss=loss, metrics=[own], optimizer=sgd, epochs=60)
        assert history.history["val_main_accuracy"][-1] > 0.9
    else:
        supervised.compile(sgd, loss, metrics=[own])
        supervised.fit(blobs.train.x, blobs.train.y, batch_size=10, epochs=60, verbose=0)
    assert dnn_tf.evaluate(model, blobs.test, loss=CROSS_ENTROPY)["accuracy"] > 0.9


def test_on_a_convolution_and_without_naming_metrics(sample):
    model = models.cnn(filters=(4,), hidden=())
    supervised = models.with_auxiliary_outputs(model, ["pool1"])
    history = dnn_tf.fit(
        supervised,
        sample,
        loss=losses.deep_supervision(CROSS_ENTROPY, (1.0, 0.3)),
        optimizer=keras.optimizers.Adam(3e-3),
        epochs=1,
        batch_size=50,
    )
    assert sorted(history.history) == ["learning_rate", "loss", "seconds", "val_loss"]


def test_on_a_sequential_model():
    model = keras.Sequential(
        [keras.Input((4,)), *(keras.layers.Dense(3, name=f"d{i}") for i in range(3))]
    )
    assert models.with_auxiliary_outputs(model, ["d0"]).output_shape == (None, 2, 3)


def test_without_hidden_layers():
    with pytest.raises(InputError, match="take some of none, it has none"):
        models.with_auxiliary_outputs(models.dnn(4, (), 2), ["hidden1"])


@pytest.mark.parametrize(
    "at", [[], ["hidden9"], ["outputs"], ["X"], "hidden1", ["hidden1", "hidden1"]]
)
def test_layers(at):
    with pytest.raises(InputError, match="sit on hidden layers of 'dnn'.*take some of hidden1"):
        models.with_auxiliary_outputs(models.dnn(), at)
