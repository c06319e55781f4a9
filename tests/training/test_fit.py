"""The loop."""

import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf.data import Dataset, Split
from dnn_tf.optimizers import GradientDescent
from dnn_tf.types import DivergenceError, InputError
from dnn_tf.workers import Team

pytestmark = pytest.mark.usefixtures("module_without_xla")  # but where it is asked for
XLA = {"jit_compile": True}
MODES = {
    "eager": {"run_eagerly": True},
    "graph": {"jit_compile": False},
    "xla": XLA,
}


@pytest.mark.parametrize("mode", MODES)
def test_learns(fit_blobs, small_model, mode):
    history = fit_blobs(small_model, epochs=10, **MODES[mode]).history
    assert history["val_accuracy"][-1] > 0.9
    assert history["loss"][-1] < history["loss"][0]
    assert set(history) == {
        "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds",
    }  # fmt: skip
    assert all(len(values) == 10 for values in history.values())


def test_same_seed_same_bits(fit_blobs):
    def trained(seed):
        keras.utils.set_random_seed(5)
        model = dnn_tf.models.dnn(6, (8,), 3)
        history = fit_blobs(model, seed=seed, **XLA).history
        del history["seconds"]
        return history, model.get_weights()

    (history, weights), (again, same) = trained(1), trained(1)
    assert history == again
    for a, b in zip(weights, same, strict=True):
        np.testing.assert_array_equal(a, b)
    assert trained(2)[0] != history
    assert trained(None)[0] == trained(None)[0]  # the global seed decides


def test_is_model_fit_with_the_same_order(blobs, fit_blobs, small_model):
    twin = keras.models.clone_model(small_model)
    twin.set_weights(small_model.get_weights())
    twin.compile(
        keras.optimizers.SGD(0.05),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    order, theirs = np.random.default_rng(1), []
    for _ in range(3):
        rows = order.permutation(90)
        x, y = blobs.train.x[rows], blobs.train.y[rows]
        held_out = (blobs.validation.x, blobs.validation.y)
        history = twin.fit(
            x, y, batch_size=32, shuffle=False, validation_data=held_out, verbose=0
        ).history
        theirs.append(history)
    ours = fit_blobs(small_model, batch_size=32, **XLA).history
    for a, b in zip(small_model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        expected = [epoch[name][0] for epoch in theirs]
        np.testing.assert_allclose(ours[name], expected, rtol=1e-5)


def test_leaves_the_model_ready_for_keras(blobs, fit_blobs, small_model):
    history = fit_blobs(small_model, **XLA).history
    loss, accuracy = small_model.evaluate(blobs.validation.x, blobs.validation.y, verbose=0)
    assert loss == pytest.approx(history["val_loss"][-1], rel=1e-5)
    assert accuracy == pytest.approx(history["val_accuracy"][-1])
    small_model.fit(blobs.train.x, blobs.train.y, verbose=0)


def test_arrays_alone(fit_blobs, small_model, blobs):
    history = fit_blobs(small_model, data=(blobs.train.x, blobs.train.y)).history
    assert set(history) == {"loss", "accuracy", "learning_rate", "seconds"}


def test_watches_the_test_split_if_asked(fit_blobs, small_model):
    history = fit_blobs(small_model, watch=("test",)).history
    assert set(history) == {
        "loss",
        "accuracy",
        "test_loss",
        "test_accuracy",
        "learning_rate",
        "seconds",
    }


def test_regression(small_model):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 6)).astype("float32")
    model = dnn_tf.models.dnn(6, (8,), 1)
    history = dnn_tf.fit(
        model,
        (x, x[:, :1] * 2),
        loss=keras.losses.MeanSquaredError(),
        optimizer=keras.optimizers.Adam(0.05),
        metrics=(),
        epochs=30,
        batch_size=20,
    ).history
    assert history["loss"][-1] < 0.1 * history["loss"][0]


def test_batch_norm_moves_its_averages_and_dropout_drops(fit_blobs):
    inputs = keras.Input((6,))
    norm = keras.layers.BatchNormalization(momentum=0.5)
    outputs = keras.layers.Dense(3)(keras.layers.Dropout(0.3)(norm(inputs)))
    model = keras.Model(inputs, outputs)
    fit_blobs(model)
    assert np.abs(norm.moving_mean.numpy()).max() > 0.1


class BatchHook(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        pass


class TestOptimisers:
    """Keras' own ways of training go on: each against `train_on_batch` in the same order."""

    @staticmethod
    def check_same_weights(fit_blobs, blobs, make, **changes):
        keras.utils.set_random_seed(3)
        ours = dnn_tf.models.dnn(6, (8,), 3)
        theirs = keras.models.clone_model(ours)
        theirs.set_weights(ours.get_weights())
        fit_blobs(ours, optimizer=make(), batch_size=30, **XLA | changes)
        theirs.compile(make(), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        order = np.random.default_rng(1)
        for _ in range(3):
            rows = order.permutation(90).reshape(3, 30)
            for batch in rows:
                theirs.train_on_batch(blobs.train.x[batch], blobs.train.y[batch])
        theirs.optimizer.finalize_variable_values(theirs.trainable_variables)
        for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-5)

    @pytest.mark.parametrize(
        "make",
        [
            lambda: keras.optimizers.Adam(0.01, clipnorm=0.5),
            lambda: keras.optimizers.SGD(0.1, momentum=0.9, use_ema=True, ema_momentum=0.8),
            lambda: keras.optimizers.SGD(0.1, use_ema=True, ema_overwrite_frequency=4),
            lambda: keras.optimizers.SGD(0.1, loss_scale_factor=8.0),
            lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1)),
            lambda: keras.optimizers.SGD(0.1, gradient_accumulation_steps=2),
            lambda: keras.optimizers.SGD(
                keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5), weight_decay=0.01
            ),
        ],
        ids=[
            "adam clipnorm",
            "ema",
            "ema overwrite",
            "scale",
            "LossScale",
            "accumulate",
            "schedule",
        ],
    )
    def test_as_keras(self, fit_blobs, blobs, make):
        self.check_same_weights(fit_blobs, blobs, make)

    def test_clipping_sees_the_true_gradients_of_a_scaled_loss(self, fit_blobs, blobs):
        clip = dnn_tf.gradients.clip_by_value(0.01)
        keras.utils.set_random_seed(3)
        start, results = dnn_tf.models.dnn(6, (8,), 3).get_weights(), []
        for scale in (None, 1024.0):
            model = dnn_tf.models.dnn(6, (8,), 3)
            model.set_weights(start)
            fit_blobs(
                model, optimizer=keras.optimizers.SGD(0.1, loss_scale_factor=scale), clip=clip
            )
            results.append(model.get_weights())
        for a, b in zip(*results, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)

    @pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
    def test_mixed_precision(self, fit_blobs, policy):
        keras.config.set_dtype_policy(policy)
        try:
            model = dnn_tf.models.dnn(6, (8,), 3)
        finally:
            keras.config.set_dtype_policy("float32")
        history = fit_blobs(model, epochs=10, **XLA).history
        assert history["val_accuracy"][-1] > 0.9
        scaled = isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
        assert scaled is (policy == "mixed_float16")


class TestSteps:
    """How many rows a step has, and what stands between them and it."""

    @pytest.mark.parametrize(
        ("batch_size", "steps", "jit_compile"),
        [(15, 3, False), (10, 4, False), (40, 2, False), (7, 3, False), (10, 4, True)],
    )
    def test_accumulated_batches_are_one_large_batch(
        self, fit_blobs, small_model, batch_size, steps, jit_compile
    ):
        """Also at the end of the epoch, where less is left."""
        start, clip = small_model.get_weights(), dnn_tf.gradients.clip_by_global_norm(0.1)
        words = {"clip": clip, "jit_compile": jit_compile}
        together = fit_blobs(small_model, batch_size=batch_size * steps, **words).history
        expected = small_model.get_weights()
        small_model.set_weights(start)
        parts = fit_blobs(
            small_model, batch_size=batch_size, gradient_accumulation_steps=steps, **words
        ).history
        for a, b in zip(small_model.get_weights(), expected, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)
        np.testing.assert_allclose(parts["loss"], together["loss"], rtol=1e-5)
        np.testing.assert_allclose(parts["accuracy"], together["accuracy"])

    def test_accumulated_batches_go_through_the_network_one_by_one(self, fit_blobs, small_model):
        seen = []

        def loss(y, z):
            seen.append(len(y))
            return dnn_tf.losses.sparse_softmax_cross_entropy(y, z)

        words = {"epochs": 1, "run_eagerly": True, "watch": (), "metrics": ()}
        fit_blobs(small_model, loss=loss, batch_size=20, gradient_accumulation_steps=3, **words)
        assert seen == [20, 20, 20, 20, 10]

    def test_accumulation_counts_steps_and_not_batches(self, fit_blobs, small_model):
        schedule = dnn_tf.schedules.PiecewiseConstant([2], [0.5, 0.25])
        optimizer = GradientDescent(schedule)
        fit_blobs(
            small_model, optimizer=optimizer, epochs=1, batch_size=10, gradient_accumulation_steps=3
        )
        assert int(optimizer.iterations) == 3
        assert float(optimizer.learning_rate) == 0.25

    def test_all_rows_are_batch_gradient_descent(self, fit_blobs, small_model):
        start = small_model.get_weights()
        optimizer = GradientDescent(0.05)
        fit_blobs(small_model, optimizer=optimizer, batch_size="all")
        assert int(optimizer.iterations) == 3
        batch = small_model.get_weights()
        small_model.set_weights(start)
        fit_blobs(small_model, batch_size=90)
        for a, b in zip(small_model.get_weights(), batch, strict=True):
            np.testing.assert_array_equal(a, b)

    def test_one_row_is_stochastic_gradient_descent(self, fit_blobs, small_model):
        optimizer = GradientDescent(0.01)
        fit_blobs(small_model, optimizer=optimizer, epochs=1, batch_size=1)
        assert int(optimizer.iterations) == 90

    def test_effects_of_the_clip_are_logged(self, fit_blobs, small_model):
        gradients = dnn_tf.gradients
        words = {
            "clip_effects": [gradients.clipped_share, gradients.turned_angle],
            "jit_compile": False,
            "batch_size": 40,
        }
        none = fit_blobs(small_model, clip=gradients.clip_by_value(1e9), **words).history
        assert none["clipped_share"] == [0, 0, 0]
        assert none["turned_angle"] == pytest.approx([0, 0, 0], abs=1e-3)
        norm = fit_blobs(small_model, clip=gradients.clip_by_global_norm(1e-3), **words).history
        assert norm["clipped_share"] == pytest.approx([1, 1, 1], abs=0.1)  # an entry of 0 stays 0
        assert norm["turned_angle"] == pytest.approx([0, 0, 0], abs=1e-3)
        words["jit_compile"] = True
        value = fit_blobs(small_model, clip=gradients.clip_by_value(1e-2), **words).history
        assert all(0.1 < share < 1 for share in value["clipped_share"])
        assert all(5 < angle < 90 for angle in value["turned_angle"])

    def test_effects_are_the_mean_over_the_rows(self, fit_blobs, small_model):
        """Batches of 40, 40 and 10 rows; an effect that tells the norm, which the batch decides."""
        seen = []

        def length(before, after):
            value = tf.linalg.global_norm(before)
            tf.py_function(lambda v: seen.append(float(v)), [value], [])
            return value

        history = fit_blobs(
            small_model, epochs=1, batch_size=40, clip=list, clip_effects=[length], run_eagerly=True
        ).history
        assert history["length"][0] == pytest.approx(np.dot(seen, [40, 40, 10]) / 90, rel=1e-6)


class TestModels:
    def test_one_output(self, fit_blobs, blobs):
        y = (blobs.train.y == 0).astype("float32")[:, None]
        model = dnn_tf.models.dnn(6, (8,), 1)
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        history = fit_blobs(model, data=(blobs.train.x, y), loss=loss).history
        assert set(history) == {
            "loss",
            "learning_rate",
            "seconds",
        }  # argmax of one output would mean nothing
        with pytest.raises(InputError, match="two or more, and the model has one"):
            fit_blobs(model, data=(blobs.train.x, blobs.train.y))

    def test_not_built_or_not_one_to_one(self, fit_blobs):
        class Subclassed(keras.Model):
            def call(self, x):
                return x

        inputs = [keras.Input((6,)), keras.Input((6,))]
        for model in (
            Subclassed(),
            keras.Sequential([keras.layers.Dense(3)]),
            keras.Model(inputs, keras.layers.Add()(inputs)),
            keras.Model(inputs[0], [inputs[0], inputs[0]]),
        ):
            with pytest.raises(InputError, match="not built, or has not one input and one output"):
                fit_blobs(model)
        with pytest.raises(InputError, match="a Keras model was expected, and got str"):
            fit_blobs("model")

    def test_sequential(self, fit_blobs):
        model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3)])
        assert fit_blobs(model, epochs=10).history["val_accuracy"][-1] > 0.9


class TestCallbacks:
    def test_called_at_the_ends_of_epochs(self, fit_blobs, small_model, blobs):
        heard = []
        callback = keras.callbacks.LambdaCallback(
            on_train_begin=lambda logs: heard.append("begin"),
            on_test_begin=lambda logs: heard.append("test"),
            on_epoch_begin=lambda epoch, logs: heard.append(epoch),
            on_epoch_end=lambda epoch, logs: heard.append(sorted(logs)),
            on_train_end=lambda logs: heard.append("end"),
        )
        fit_blobs(small_model, data=blobs, epochs=1, callbacks=[callback], watch=("test",))
        logs = ["accuracy", "learning_rate", "loss", "seconds", "test_accuracy", "test_loss"]
        assert heard == ["begin", 0, "test", logs, "end"]

    def test_stopped_at_the_beginning_of_an_epoch(self, fit_blobs, small_model):
        class Stop(keras.callbacks.Callback):
            def on_epoch_begin(self, epoch, logs=None):
                self.model.stop_training = epoch == 1

        assert len(fit_blobs(small_model, callbacks=[Stop()]).history["loss"]) == 1

    def test_early_stopping(self, fit_blobs, small_model):
        stop = keras.callbacks.EarlyStopping("val_loss", min_delta=1e9, patience=2)
        assert len(fit_blobs(small_model, epochs=9, callbacks=[stop]).history["loss"]) == 3

    def test_learning_rate_on_a_plateau(self, fit_blobs, small_model):
        plateau = keras.callbacks.ReduceLROnPlateau(
            "val_loss", min_delta=1e9, patience=1, factor=0.5
        )
        optimizer = GradientDescent(0.08)
        fit_blobs(small_model, optimizer=optimizer, epochs=3, callbacks=[plateau])
        assert float(optimizer.learning_rate) == pytest.approx(0.02)

    def test_a_changed_learning_rate_is_used(self, fit_blobs, small_model):
        schedule = keras.callbacks.LearningRateScheduler(lambda epoch: 0.0 if epoch else 0.1)
        weights = []
        keep = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda *_: weights.append(small_model.get_weights())
        )
        fit_blobs(small_model, epochs=2, callbacks=[schedule, keep])
        for a, b in zip(*weights, strict=True):
            np.testing.assert_array_equal(a, b)

    def test_checkpoints(self, fit_blobs, small_model, tmp_path):
        file = tmp_path / "best.keras"
        fit_blobs(small_model, callbacks=[keras.callbacks.ModelCheckpoint(file)])
        np.testing.assert_array_equal(
            keras.saving.load_model(file).get_weights()[0], small_model.get_weights()[0]
        )

    @pytest.mark.parametrize(
        ("callback", "words"),
        [
            (BatchHook(), "BatchHook.on_train_batch_end would never be called"),
            (keras.callbacks.ModelCheckpoint("x.keras", save_freq=3), "would never be called"),
            (keras.callbacks.LambdaCallback(on_train_batch_begin=print), "would never be called"),
            (keras.callbacks.TerminateOnNaN(), "leave TerminateOnNaN out"),
            (keras.callbacks.BackupAndRestore("x"), "BackupAndRestore cannot tell fit"),
            (keras.callbacks.SwapEMAWeights(), "leave SwapEMAWeights out"),
            (print, "a keras.callbacks.Callback was expected"),
        ],
    )
    def test_what_cannot_be_honoured_is_refused(self, fit_blobs, small_model, callback, words):
        before = small_model.get_weights()
        with pytest.raises(InputError, match=words):
            fit_blobs(small_model, callbacks=[callback])
        np.testing.assert_array_equal(small_model.get_weights()[0], before[0])

    @pytest.mark.parametrize(
        "callback",
        [
            keras.callbacks.ReduceLROnPlateau(),
            keras.callbacks.LearningRateScheduler(lambda epoch: 0.1),
        ],
    )
    def test_two_that_set_the_learning_rate(self, fit_blobs, small_model, callback):
        optimizer = GradientDescent(dnn_tf.schedules.ExponentialDecay())
        with pytest.raises(InputError, match="sets the learning rate, and the optimiser takes its"):
            fit_blobs(small_model, optimizer=optimizer, callbacks=[callback])


class TestDivergence:
    def test_a_constant_that_is_infinite_is_no_fault(self, fit_blobs):
        class Masked(keras.Layer):
            def build(self, shape):
                self.mask = self.add_weight(
                    shape=(3,), initializer=keras.initializers.Constant(-np.inf), trainable=False
                )

            def call(self, z):
                return z + 0 * tf.where(tf.math.is_inf(self.mask), 0.0, self.mask)

        inputs = keras.Input((6,))
        model = keras.Model(inputs, Masked()(dnn_tf.layers.NeuronLayer(3)(inputs)))
        assert np.isfinite(fit_blobs(model, **XLA).history["loss"]).all()

    def test_weights_are_those_of_the_step_before(self, fit_blobs, small_model):
        with pytest.raises(DivergenceError, match=r"step \d+ of the epoch .* lower the learning"):
            fit_blobs(small_model, optimizer=GradientDescent(1e30), epochs=50, **XLA)
        assert all(np.isfinite(weight).all() for weight in small_model.get_weights())

    @pytest.mark.parametrize("mode", MODES)
    def test_the_step_is_the_one_that_went_wrong(self, small_model, mode):
        """Row 57 has the only gradient that overflows; the order puts it into batch 4."""
        x, y = np.full((90, 6), 0.1, "float32"), np.zeros(90, "int64")
        x[57] = 3e38
        order = np.random.default_rng(1).permutation(90)
        step = int(np.flatnonzero(order == 57)[0]) // 10 + 1
        twin = keras.models.clone_model(small_model)
        twin.set_weights(small_model.get_weights())
        optimizer = GradientDescent(0.01)
        with pytest.raises(DivergenceError, match=f"step {step} of the epoch"):
            dnn_tf.fit(
                small_model,
                (x, y),
                loss=dnn_tf.losses.sparse_softmax_cross_entropy,
                optimizer=optimizer,
                epochs=1,
                batch_size=10,
                seed=1,
                **MODES[mode],
            )
        assert int(optimizer.iterations) == step - 1
        twin.compile(
            keras.optimizers.SGD(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        )
        for rows in order.reshape(9, 10)[: step - 1]:
            twin.train_on_batch(x[rows], y[rows])
        for a, b in zip(small_model.get_weights(), twin.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)


@keras.saving.register_keras_serializable(package="tests")
class BadGradient(keras.Layer):
    """`h` as it is; its gradient is multiplied by `bad` in rows whose marker is 1."""

    def __init__(self, bad, **kwargs):
        super().__init__(**kwargs)
        self.bad = bad

    def call(self, h, marker):
        @tf.custom_gradient
        def same(h):
            return tf.identity(h), lambda d: tf.where(marker > 0.5, d * self.bad, d)

        return same(h)


class Positive(keras.constraints.Constraint):
    """0 where a weight is not above it, and so where it is NaN."""

    def __call__(self, w):
        return tf.where(w > 0, w, tf.zeros_like(w))


class TestBadGradients:
    """The loss stays finite; one gradient does not."""

    ROW = 57

    def network(self, activation, bad, constraint=None):
        """A hidden layer under the bad gradient, which alone sees the marker."""
        inputs = keras.Input((6,))
        features = keras.layers.Lambda(lambda x: x[:, :5], output_shape=(5,))(inputs)
        marker = keras.layers.Lambda(lambda x: x[:, 5:], output_shape=(1,))(inputs)
        words = {"activation": activation, "kernel_constraint": constraint}
        hidden = dnn_tf.layers.NeuronLayer(8, **words)(features)
        hidden = dnn_tf.layers.NeuronLayer(8, **words)(hidden)
        return keras.Model(inputs, dnn_tf.layers.NeuronLayer(3)(BadGradient(bad)(hidden, marker)))

    def check_it_stops(self, model, **words):
        rng = np.random.default_rng(3)
        x = np.c_[rng.normal(size=(90, 5)), np.arange(90) == self.ROW].astype("float32")
        order = np.random.default_rng(1).permutation(90)
        step = int(np.flatnonzero(order == self.ROW)[0]) // 10 + 1
        usual = {"optimizer": GradientDescent(0.01), "batch_size": 10, **XLA}
        message = "the weights are those of the step before"
        with pytest.raises(DivergenceError, match=f"step {step} of the epoch .*{message}"):
            dnn_tf.fit(
                model, (x, np.arange(90) % 3), loss=dnn_tf.losses.sparse_softmax_cross_entropy,
                epochs=1, seed=1, **usual | words,
            )  # fmt: skip
        assert int(model.optimizer.iterations) == step - 1
        assert all(np.isfinite(weight).all() for weight in model.get_weights())

    @pytest.mark.parametrize("mode", MODES)
    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize(
        "clip",
        [
            None,
            dnn_tf.gradients.clip_by_value(1.0),
            dnn_tf.gradients.clip_by_norm(1.0),
            dnn_tf.gradients.clip_by_global_norm(1.0),
            lambda gradients: [tf.zeros_like(g) for g in gradients],
        ],
        ids=["no clip", "value", "norm", "global norm", "a clip that makes all 0"],
    )
    def test_whatever_the_clip(self, mode, bad, clip):
        self.check_it_stops(self.network("tanh", bad), clip=clip, **MODES[mode])

    @pytest.mark.parametrize("mode", MODES)
    @pytest.mark.parametrize(
        "activation", ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu"]
    )
    def test_whatever_the_activation(self, mode, activation):
        self.check_it_stops(self.network(activation, np.nan), **MODES[mode])

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    @pytest.mark.parametrize(
        "optimizer",
        [
            dnn_tf.optimizers.FTRL(0.1, l1_regularization_strength=0.01),
            keras.optimizers.SGD(0.1, clipvalue=1.0),
            keras.optimizers.Adam(clipnorm=1.0),
            keras.optimizers.RMSprop(global_clipnorm=1.0),
            dnn_tf.optimizers.Momentum(use_ema=True),
        ],
        ids=["ftrl", "clipvalue", "clipnorm", "global_clipnorm", "average"],
    )
    def test_whatever_the_optimiser(self, bad, optimizer):
        again = type(optimizer).from_config(optimizer.get_config())
        self.check_it_stops(self.network("relu", bad), optimizer=again)

    @pytest.mark.parametrize("mode", MODES)
    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize(
        "constraint", [Positive(), dnn_tf.constraints.MaxNorm(1.0), keras.constraints.UnitNorm()]
    )
    def test_whatever_the_constraint(self, mode, bad, constraint):
        self.check_it_stops(self.network("tanh", bad, constraint), **MODES[mode])

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_where_an_optimiser_of_another_kind_hides_it(self, bad):
        class Sign(keras.optimizers.Optimizer):
            def update_step(self, gradient, variable, learning_rate):
                step = tf.where(gradient > 0, learning_rate, -learning_rate)
                self.assign_sub(variable, step)

        self.check_it_stops(self.network("relu", bad), optimizer=Sign(0.01))

    def test_in_a_part_of_an_accumulated_batch(self):
        self.check_it_stops(
            self.network("relu", np.inf),
            batch_size=5,
            gradient_accumulation_steps=2,
            clip=dnn_tf.gradients.clip_by_value(1.0),
        )


class TestTheDoor:
    @pytest.mark.parametrize(
        ("x", "y", "words"),
        [
            (np.zeros((4, 5)), np.zeros(4, int), r"train: a sample has the shape \(5,\).*\(6,\)"),
            (np.zeros((4, 6)), np.full(4, 3), r"train: y\[0\] is 3"),
            (np.zeros((4, 6)), np.full(4, -1), r"train: y\[0\] is -1"),
            (np.zeros((4, 6)), np.zeros((4, 1), int), r"train: y has the shape \(4, 1\)"),
            (np.zeros((4, 6)), np.zeros(3, int), r"x has 4 rows and y has the shape \(3,\)"),
            (np.full((4, 6), np.nan), np.zeros(4, int), r"train: x\[0, 0\] is nan"),
        ],
    )
    def test_bad_arrays(self, fit_blobs, small_model, x, y, words):
        with pytest.raises(InputError, match=words):
            fit_blobs(small_model, data=(x, y))

    def test_bad_validation(self, fit_blobs, small_model, blobs):
        cut = [Split(split.x[:, :5], split.y) for split in (blobs.train, blobs.test)]
        with pytest.raises(InputError, match="train: a sample has the shape"):
            fit_blobs(small_model, data=Dataset(*cut))
        with pytest.raises(InputError, match="validation: a sample has the shape"):
            fit_blobs(small_model, data=Dataset(blobs.train, validation=cut[1]))

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"epochs": 0}, "epochs is a whole number"),
            ({"batch_size": 2.5}, "batch_size is a whole number"),
            ({"watch": ("train",)}, "watch takes 'validation' and 'test'"),
            ({"data": tf.data.Dataset.range(3)}, "fit takes a dnn_tf.data.Dataset"),
            ({"optimizer": "adam"}, "a Keras optimiser was expected"),
            ({"loss": "mse"}, "loss is a function"),
            ({"metrics": ["accuracy"]}, r"metrics\[0\] is a function"),
            ({"metrics": [keras.metrics.CategoricalAccuracy()]}, "no keras.metrics.Metric"),
            ({"clip": "a"}, "clip is a function"),
            ({"clip": lambda g: g[:1]}, "was given 6 gradients and returned 1"),
            ({"seed": -1}, "seed is a whole number"),
            ({"batch_size": "most"}, "batch_size is a whole number or 'all', and got 'most'"),
            ({"gradient_accumulation_steps": 0}, "gradient_accumulation_steps is a whole number"),
            ({"clip_effects": [dnn_tf.gradients.clipped_share]}, "there is none: give clip too"),
            ({"clip": list, "clip_effects": ["angle"]}, r"clip_effects\[0\] is a function"),
            (
                {
                    "clip": dnn_tf.gradients.clip_by_norm(1.0),
                    "optimizer": GradientDescent(gradient_accumulation_steps=2),
                },
                "give gradient_accumulation_steps to fit, and not to the optimiser",
            ),
            ({"callbacks": None}, "callbacks is a list"),
        ],
    )
    def test_bad_words(self, fit_blobs, small_model, changes, words):
        with pytest.raises(InputError, match=words):
            fit_blobs(small_model, **changes)

    @pytest.mark.parametrize("kind", [GradientDescent, keras.optimizers.Adam])
    def test_an_optimiser_of_another_model(self, fit_blobs, small_model, kind):
        optimizer = kind(0.05)
        fit_blobs(small_model, optimizer=optimizer)
        with pytest.raises(InputError, match="take a new optimiser"):
            fit_blobs(dnn_tf.models.dnn(6, (4,), 3), optimizer=optimizer)

    def test_the_same_optimiser_goes_on(self, fit_blobs, small_model):
        optimizer = GradientDescent(0.05)
        for _ in range(2):
            fit_blobs(small_model, optimizer=optimizer)
        assert int(optimizer.iterations) == 2 * 27


def test_what_all_workers_refuse_makes_nobody_look_lost(monkeypatch, fit_blobs, small_model):
    class Line(Team):
        def at_work(self, where=str):
            raise AssertionError("the others would be told that this worker has failed")

    def refuse(*_):
        raise InputError("too few rows")

    monkeypatch.setattr(sys.modules["dnn_tf.training.fit"], "team_of", lambda _: Line())
    monkeypatch.setattr(sys.modules["dnn_tf.training.fit"], "check_shares", refuse)
    with pytest.raises(InputError, match="too few rows"):
        fit_blobs(small_model)
