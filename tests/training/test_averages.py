"""An exponential average of the weights."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.optimizers import GradientDescent
from dnn_tf.training.averages import averaged


def averaging(**words):
    return GradientDescent(0.1, use_ema=True, ema_momentum=0.5, **words)


class Weights(keras.callbacks.Callback):
    """What a callback sees of the weights at the ends of epochs."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_epoch_end(self, *_):
        self.seen.append(self.model.get_weights())


def test_by_hand():
    """The average starts at the weight after the first step."""
    weight, optimizer = keras.Variable([1.0]), averaging()
    for _ in range(3):  # 0.9, 0.8, 0.7
        optimizer.apply([np.array([1.0], "float32")], [weight])
    with averaged(optimizer):
        # 0.5 * (0.5 * 0.9 + 0.5 * 0.8) + 0.5 * 0.7
        np.testing.assert_allclose(weight, [0.775], rtol=1e-6)
    np.testing.assert_allclose(weight, [0.7], rtol=1e-6)


def test_puts_the_weights_back_after_an_error():
    weight, optimizer = keras.Variable([1.0]), averaging()
    optimizer.apply([np.array([1.0], "float32")], [weight])
    optimizer.apply([np.array([1.0], "float32")], [weight])
    with pytest.raises(KeyError), averaged(optimizer):
        raise KeyError
    np.testing.assert_allclose(weight, [0.8], rtol=1e-6)


def test_without_an_average_nothing_happens():
    weight, optimizer = keras.Variable([1.0]), GradientDescent(0.1)
    optimizer.apply([np.array([1.0], "float32")], [weight])
    with averaged(optimizer):
        np.testing.assert_allclose(weight, [0.9], rtol=1e-6)


@pytest.mark.parametrize("batch_size", [90, 30])
def test_what_is_measured_and_kept_is_what_training_leaves(
    fit_blobs, small_model, blobs, batch_size
):
    start, keep = small_model.get_weights(), Weights()
    history = fit_blobs(
        small_model, optimizer=averaging(), batch_size=batch_size, callbacks=[keep]
    ).history
    measured = dnn_tf.evaluate(
        small_model, blobs.validation, loss=dnn_tf.losses.sparse_softmax_cross_entropy
    )
    assert history["val_loss"][-1] == pytest.approx(measured["loss"], rel=1e-6)
    for seen, left in zip(keep.seen[-1], small_model.get_weights(), strict=True):
        np.testing.assert_array_equal(seen, left)
    # in NumPy, from the weights of the same training without an average
    small_model.set_weights(start)
    raw = EveryStep()
    fit_blobs(small_model, optimizer=GradientDescent(0.1), batch_size=batch_size, callbacks=[raw])
    average = raw.seen[0]
    for weight in raw.seen[1:]:
        average = 0.5 * average + 0.5 * weight
    np.testing.assert_allclose(keep.seen[-1][0], average, atol=1e-6)


class EveryStep(dnn_tf.training.EverySteps):
    """The first kernel after every step."""

    def __init__(self):
        super().__init__(1)
        self.seen = []

    def act(self, logs):
        self.seen.append(self.model.get_weights()[0])


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("widths", [(6, 6), (8, 5)], ids=["equal shapes", "unequal shapes"])
def test_a_frozen_layer_does_not_shift_the_averages(fit_blobs, widths):
    """The optimiser has been built on all weights, and only some are trained now."""
    model = dnn_tf.models.dnn(6, widths, 3)
    optimizer = GradientDescent(0.1, use_ema=True, ema_momentum=0.9)  # .9 w + .1 w is not quite w
    fit_blobs(model, optimizer=optimizer)
    model.get_layer("hidden1").trainable = False
    frozen = model.get_layer("hidden1").get_weights()
    fit_blobs(model, optimizer=optimizer)
    for before, after in zip(frozen, model.get_layer("hidden1").get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    second = optimizer._model_variables_moving_average[2]
    np.testing.assert_array_equal(model.get_layer("hidden2").get_weights()[0], second)


@pytest.mark.usefixtures("without_xla")
def test_a_second_training_starts_from_the_weights_that_are_there(fit_blobs, small_model):
    optimizer = averaging()
    fit_blobs(small_model, optimizer=optimizer)
    small_model.set_weights([np.ones_like(weight) for weight in small_model.get_weights()])
    optimizer.learning_rate = 0.0
    fit_blobs(small_model, optimizer=optimizer)
    for weight in small_model.get_weights():
        np.testing.assert_allclose(weight, 1.0, rtol=1e-6)


@pytest.mark.usefixtures("without_xla")
def test_without_a_step_the_weights_stay(blobs):
    """A loss scale so large that every step is left out."""
    model = dnn_tf.models.dnn(6, (8,), 3)
    before = model.get_weights()
    optimizer = keras.optimizers.LossScaleOptimizer(averaging(), initial_scale=2.0**126)
    words = {"epochs": 1, "batch_size": "all", "optimizer": optimizer}

    def steep(y, z):
        return 1e4 * dnn_tf.losses.sparse_softmax_cross_entropy(y, z)

    dnn_tf.fit(model, blobs, loss=steep, **words)
    assert int(optimizer.inner_optimizer.iterations) == 0
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.usefixtures("without_xla")
def test_the_best_average_is_kept_by_early_stopping(fit_blobs, small_model, blobs):
    stop = keras.callbacks.EarlyStopping("val_loss", patience=2, restore_best_weights=True)
    optimizer = GradientDescent(1.5, use_ema=True, ema_momentum=0.3)
    history = fit_blobs(small_model, optimizer=optimizer, epochs=15, callbacks=[stop]).history
    measured = dnn_tf.evaluate(
        small_model, blobs.validation, loss=dnn_tf.losses.sparse_softmax_cross_entropy
    )
    assert measured["loss"] == pytest.approx(min(history["val_loss"]), rel=1e-6)


def test_under_a_loss_scale():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = dnn_tf.models.dnn(6, (8,), 3)
    finally:
        keras.config.set_dtype_policy("float32")
    keep = Weights()
    x, y = np.ones((20, 6), "float32"), np.zeros(20, int)
    dnn_tf.fit(
        model, (x, y), loss=dnn_tf.losses.sparse_softmax_cross_entropy, optimizer=averaging(),
        epochs=4, batch_size=10, callbacks=[keep],
    )  # fmt: skip
    for seen, left in zip(keep.seen[-1], model.get_weights(), strict=True):
        np.testing.assert_array_equal(seen, left)
