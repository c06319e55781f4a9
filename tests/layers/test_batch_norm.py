"""What the tables do not say of batch normalisation."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf import layers, models
from dnn_tf.types import InputError

X = np.random.default_rng(0).normal(3.0, 2.0, size=(50, 4)).astype("float32")


def moving(model):
    return [
        weight.numpy().copy()
        for layer in model.layers
        if isinstance(layer, layers.BatchNorm)
        for weight in (layer.moving_mean, layer.moving_variance)
    ]


class TestFormula:
    def test_divides_by_the_spread_not_by_the_mean(self):
        """E39: the printed denominator is sqrt(mean^2) + epsilon."""
        layer = layers.BatchNorm(epsilon=1e-7)
        y = layer(X, training=True).numpy()
        np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-5)
        np.testing.assert_allclose(y.std(axis=0), 1, rtol=1e-5)
        printed = (X - X.mean(axis=0)) / (np.sqrt(X.mean(axis=0) ** 2) + 1e-7)
        assert np.abs(printed.std(axis=0) - 1).min() > 0.1

    def test_a_large_mean_does_not_drown_the_spread(self):
        """As it would if the variance were the mean of the squares less the square of the mean."""
        x = (1e4 + np.random.default_rng(0).normal(size=(500, 3))).astype("float32")
        y = layers.BatchNorm(epsilon=1e-7)(x, training=True).numpy()
        np.testing.assert_allclose(y.std(axis=0), 1, rtol=1e-2)

    def test_four_numbers_a_feature_two_of_them_trained(self):
        """R1."""
        layer = layers.BatchNorm()
        layer(X)
        assert [weight.name for weight in layer.trainable_weights] == ["gamma", "beta"]
        assert layer.count_params() == 4 * 4


class TestAverages:
    def test_move_as_keras_and_the_formula_move_them(self):
        """E40: the document's snippet never runs the updates."""
        ours, theirs = layers.BatchNorm(), keras.layers.BatchNormalization(momentum=0.9)
        mean, variance = np.zeros(4), np.ones(4)
        for batch in np.split(X, 5):
            ours(batch, training=True), theirs(batch, training=True)
            mean = 0.9 * mean + 0.1 * batch.mean(axis=0)
            variance = 0.9 * variance + 0.1 * batch.var(axis=0)
        np.testing.assert_allclose(ours.moving_mean, mean, rtol=1e-5)
        np.testing.assert_allclose(ours.moving_variance, variance, rtol=1e-5)
        for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5)

    def test_masked_steps_do_not_count_and_the_mask_goes_on(self):
        x = np.random.default_rng(0).normal(2, 3, size=(4, 6, 3)).astype("float32")
        mask = np.arange(6) < np.array([[6], [4], [3], [1]])
        ours, theirs = layers.BatchNorm(), keras.layers.BatchNormalization(momentum=0.9)
        np.testing.assert_allclose(
            ours(x, training=True, mask=mask), theirs(x, training=True, mask=mask), atol=1e-5
        )
        for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5)
        np.testing.assert_allclose(ours.moving_mean, 0.1 * x[mask].mean(axis=0), rtol=1e-5)
        rnn = keras.layers.RNN(layers.GRUCell(2))
        padded = np.where(mask[..., None], x, 0)[:1]
        masked = keras.layers.Masking()(padded)
        np.testing.assert_allclose(rnn(ours(masked)), rnn(ours(x[:1])), rtol=1e-5)

    def test_settle_on_the_data(self):
        layer = layers.BatchNorm()
        for _ in range(200):
            layer(X, training=True)
        np.testing.assert_allclose(layer.moving_mean, X.mean(axis=0), rtol=1e-4)
        np.testing.assert_allclose(layer(X), layer(X, training=True), atol=1e-4)

    def test_no_rows_no_news(self):
        layer = layers.BatchNorm()
        layer(X, training=True)
        before = layer.get_weights()
        layer(X[:0], training=True)
        for one, other in zip(before, layer.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)

    def test_are_kept_in_float32_under_mixed_precision(self):
        layer = layers.BatchNorm(dtype="mixed_float16")
        y = layer((100 * X).astype("float16"), training=True)
        assert y.dtype == tf.float16
        np.testing.assert_allclose(
            layer.moving_variance, 0.9 + 0.1 * (100 * X).astype("float16").var(0, dtype="float32"),
            rtol=1e-3,
        )  # fmt: skip


class TestFrozen:
    """In use whatever `training=` says, and the averages stand still, bit by bit."""

    def frozen(self, how):
        model = models.dnn(6, (8, 5), 3, batch_norm=True)
        model(np.random.default_rng(0).normal(size=(9, 6)), training=True)
        for layer in model.layers:
            if how == "all but the outputs":
                layer.trainable = layer.name == "outputs"
            else:
                layer.trainable = not isinstance(layer, layers.BatchNorm)
        return model

    @pytest.mark.parametrize("how", ["all but the outputs", "its batch norms"])
    @pytest.mark.parametrize("through", ["dnn_tf.fit", "model.fit", "a call", "compiled"])
    def test_stands_still(self, blobs, fit_blobs, how, through):
        model = self.frozen(how)
        before, outputs = moving(model), model.get_layer("outputs").get_weights()
        if through == "dnn_tf.fit":
            fit_blobs(model)
        elif through == "model.fit":
            model.compile("sgd", dnn_tf.losses.sparse_softmax_cross_entropy)
            model.fit(blobs.train.x, blobs.train.y, verbose=0)
        elif through == "a call":
            np.testing.assert_array_equal(
                model(blobs.train.x, training=True), model(blobs.train.x, training=False)
            )
        else:
            tf.function(model, jit_compile=True, autograph=False)(
                tf.constant(blobs.train.x), training=True
            )
        for one, other in zip(before, moving(model), strict=True):
            np.testing.assert_array_equal(one, other)
        if "fit" in through:  # something did train
            assert not np.array_equal(outputs[0], model.get_layer("outputs").get_weights()[0])

    def test_moves_again_when_thawed(self, fit_blobs):
        model = self.frozen("its batch norms")
        before = moving(model)
        for layer in model.layers:
            layer.trainable = True
        fit_blobs(model)
        assert all(
            not np.array_equal(one, other) for one, other in zip(before, moving(model), strict=True)
        )

    def test_within_a_model_within_a_model(self, blobs, fit_blobs, tmp_path):
        base = models.dnn(6, (8,), 5, batch_norm=True)
        base(blobs.train.x, training=True)
        base.save(tmp_path / "base.keras")
        base = keras.saving.load_model(tmp_path / "base.keras")
        base.trainable = False
        inputs = keras.Input((6,))
        model = keras.Model(inputs, layers.NeuronLayer(3)(base(inputs)))
        before = moving(base)
        fit_blobs(model)
        for one, other in zip(before, moving(base), strict=True):
            np.testing.assert_array_equal(one, other)


def test_float16_is_calculated_in_float32():
    """The square of 300 is more than float16 can hold."""
    x = np.random.default_rng(0).normal(300, 100, size=(500, 3)).astype("float16")
    y = layers.BatchNorm(dtype="float16")(x, training=True).numpy()
    np.testing.assert_allclose(y.astype("float32").std(axis=0), 1, rtol=2e-3)


@pytest.mark.parametrize(
    "words", [{"momentum": 1.0}, {"momentum": -0.1}, {"epsilon": 0}, {"epsilon": "a"}]
)
def test_words(words):
    with pytest.raises(InputError, match="is a (finite )?number"):
        layers.BatchNorm(**words)


def test_helps_a_network_of_sigmoids_from_a_bad_start(sample):
    """R3, by what it gains: six sigmoid layers from plain normal weights, three epochs."""
    accuracies = []
    for batch_norm in (False, True):
        keras.utils.set_random_seed(1)
        model = models.dnn(
            hidden=(50,) * 6,
            activation="sigmoid",
            kernel_initializer="plain_normal",
            batch_norm=batch_norm,
        )
        history = dnn_tf.fit(
            model,
            sample,
            loss=dnn_tf.losses.sparse_softmax_cross_entropy,
            optimizer=dnn_tf.optimizers.GradientDescent(0.3),
            epochs=3,
            batch_size=50,
            seed=1,
        )
        accuracies.append(history.history["val_accuracy"][-1])
    assert accuracies[1] > accuracies[0] + 0.1
