"""The gradients are those of the tape."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import losses, models
from dnn_tf.diagnostics.looking import look
from dnn_tf.diagnostics.loss import total_loss
from dnn_tf.types import InputError

K = keras.layers
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(12, 8)).astype("float32"), np.arange(12) % 3
LOSS = losses.sparse_softmax_cross_entropy


def seen(model, x=X, y=Y, loss=LOSS):
    return look(model, x, y, total_loss(model, loss))


def residual():
    x = keras.Input((8,))
    shared = K.Dense(8, "elu", kernel_regularizer="l2")
    h = shared(shared(x))
    return keras.Model(x, K.Dense(3)(K.Add()([h, x])))


MODELS = {
    "dense": lambda: models.dnn(8, (6, 5), 3, kernel_regularizer=keras.regularizers.L2(0.1)),
    "batch norm": lambda: models.dnn(8, (6,), 3, activation="elu", batch_norm=True),
    "residual, shared": residual,
    "convolutions": lambda: keras.Sequential(
        [
            keras.Input((8,)), K.Reshape((4, 2)), K.Conv1D(4, 2, activation="relu"),
            K.LayerNormalization(), K.Flatten(), K.Dense(3),
        ]
    ),
    "recurrent": lambda: keras.Sequential(
        [keras.Input((8,)), K.Reshape((4, 2)), K.LSTM(4), K.Dense(3)]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_gradients_equal_those_of_a_step_of_training(name):
    model = MODELS[name]()
    twin = keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
    with tf.GradientTape() as tape:
        value = tf.reduce_mean(LOSS(Y, twin(X, training=True))) + sum(twin.losses)
    expected = tape.gradient(value, twin.trainable_variables)
    found = seen(model)
    assert found.loss == pytest.approx(float(value), rel=1e-6)
    for weight, gradient in zip(model.trainable_variables, expected, strict=True):
        np.testing.assert_allclose(found.gradients[id(weight)], gradient, rtol=1e-4, atol=1e-7)


def test_dropout_is_off():
    model = models.dnn(8, (6,), 3, dropout=0.5)
    plain = models.dnn(8, (6,), 3)
    plain.set_weights(model.get_weights()[: len(plain.weights)])
    assert seen(model).loss == seen(plain).loss


def test_deltas_by_hand():
    """p - onehot over the rows at the logits; W^T of that below, and times the slope."""
    model = models.dnn(8, (6,), 3, activation="tanh")
    found = seen(model)
    z1, logits = (call.before for call in found.calls[:1]), found.calls[1].outputs.numpy()
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    delta = (e / e.sum(axis=1, keepdims=True) - np.eye(3)[Y]) / len(Y)
    np.testing.assert_allclose(found.deltas[1], delta, atol=1e-6)
    below = delta @ model.get_layer("outputs").kernel.numpy().T
    np.testing.assert_allclose(found.handed[0], below, atol=1e-6)
    np.testing.assert_allclose(found.sent_back[1], below, atol=1e-6)
    slope = 1 - np.tanh(next(iter(z1)).numpy()) ** 2
    np.testing.assert_allclose(found.deltas[0], below * slope, atol=1e-6)
    assert found.answers == {1}


def test_below_and_above_frozen_layers():
    model = models.dnn(8, (6, 5), 3)
    model.get_layer("hidden1").trainable = False
    model.get_layer("outputs").trainable = False
    found = seen(model)
    assert all(delta is not None for delta in found.deltas)
    assert len(found.gradients) == 2


def test_all_frozen_is_looked_at_too():
    model = models.dnn(8, (6,), 3)
    model.trainable = False
    found = seen(model)
    assert found.gradients == {}
    assert all(delta is not None for delta in found.deltas)


def test_small_gradients_of_float16_are_not_lost():
    """Of one row with a loss of 1e-6: below what float16 can tell from 0."""
    keras.config.set_dtype_policy("mixed_float16")
    try:
        half = models.dnn(8, (6,), 3)
    finally:
        keras.config.set_dtype_policy("float32")
    whole = models.dnn(8, (6,), 3)
    whole.set_weights(half.get_weights())
    found = [seen(model, loss=lambda y, z: 1e-5 * LOSS(y, z)) for model in (half, whole)]
    for one, other in zip(found[0].deltas, found[1].deltas, strict=True):
        np.testing.assert_allclose(one, other, rtol=0.05, atol=2e-9)
    assert np.count_nonzero(found[0].deltas[1]) == Y.size * 3


class Mixed(keras.Model):
    """Its labels and outputs are as they come."""

    def __init__(self):
        super().__init__()
        self.used, self.unused = K.Dense(3), K.Dense(2)
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")

    def call(self, x):
        self.unused(x)
        return self.used(x) * self.scale


def test_weights_outside_layers_and_layers_outside_the_loss():
    model = Mixed()
    model(X)
    found = seen(model)
    assert [weight.name for weight in found.outside] == ["scale"]
    assert found.deltas[0] is None
    assert found.deltas[1] is not None


class Compiled(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = K.Dense(3)

    @tf.function(autograph=False)
    def call(self, x):
        return self.dense(x)


def test_a_compiled_model_is_not_taken_apart():
    model = Compiled()
    model(X)
    with pytest.raises(InputError, match="its call is compiled: take tf.function off"):
        seen(model)


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (lambda y, z: tf.constant(1.0), "does not depend on any weight"),
        (lambda y, z: None, "the loss cannot be taken of these labels"),
        (losses.softmax_cross_entropy, "the loss cannot be taken|do not fit outputs"),
    ],
    ids=["constant", "none", "another"],
)
def test_losses_that_tell_nothing(loss, message):
    with pytest.raises(InputError, match=message) as error:
        seen(models.dnn(8, (6,), 3), loss=loss)
    assert "\n" not in str(error.value)


def test_labels_outside_the_classes():
    with pytest.raises(InputError, match=r"y\[0\] is 3 .*whole number from 0 to 2"):
        seen(models.dnn(8, (6,), 3), y=Y + 3)


def test_rows_that_a_model_cannot_take():
    model = Mixed()
    model(X)
    with pytest.raises(InputError, match="cannot take these rows"):
        seen(model, x=X[:, :5])


class Fork(keras.Layer):
    """A batch normalisation in a block that has a weight of its own."""

    def build(self, shape):
        self.norm = K.BatchNormalization()
        self.norm.build(shape)
        self.scale = self.add_weight(shape=(), initializer="ones")

    def call(self, x):
        return self.norm(x) * self.scale


def stacked(*layers):
    return keras.Sequential([keras.Input((8,)), *layers])


@pytest.mark.parametrize(
    "make",
    [
        lambda: stacked(K.Dense(6), Fork(), K.Dense(3)),
        lambda: stacked(
            K.Reshape((4, 2)), K.TimeDistributed(K.BatchNormalization()), K.Flatten(), K.Dense(3)
        ),
    ],
    ids=["block", "wrapper"],
)
def test_batch_normalisation_within_what_is_looked_at_as_a_whole(make):
    model = make()
    start = model.get_weights()
    with tf.GradientTape() as tape:
        value = tf.reduce_mean(LOSS(Y, model(X, training=True)))
    expected = tape.gradient(value, model.trainable_variables)
    model.set_weights(start)
    found = seen(model)
    for weight, gradient in zip(model.trainable_variables, expected, strict=True):
        np.testing.assert_allclose(found.gradients[id(weight)], gradient, rtol=1e-4, atol=1e-6)


def functional(end):
    x = keras.Input((8,))
    return keras.Model(x, end(K.Dense(3, "sigmoid")(K.Dense(6, "relu")(x))))


@pytest.mark.parametrize(
    "end",
    [
        K.Reshape((3, 1)),
        lambda x: keras.ops.reshape(x, (-1, 1, 3)),
        lambda x: keras.ops.cast(x, "float64"),
        lambda x: x * 2.0,
    ],
    ids=["layer", "op", "cast", "other numbers"],
)
def test_what_answers_though_it_is_reshaped(end):
    found = seen(functional(end), loss=lambda y, z: tf.reduce_sum(z))
    assert found.answers == {1}


def test_no_gradients_of_a_loss_that_is_not_finite():
    found = seen(models.dnn(8, (6,), 3), loss=lambda y, z: z[:, 0] * np.nan)
    assert not found.differentiated
    assert np.isnan(found.loss)
    assert found.gradients == {}
    assert found.deltas == [None, None]
