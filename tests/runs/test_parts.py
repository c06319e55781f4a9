"""From settings to what `models.dnn` and `fit` are given."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import gradients, optimizers, training
from dnn_tf.runs import Settings, parts
from dnn_tf.types import InputError


class TestOptimiser:
    def test_every_option_counts(self):
        settings = Settings(
            optimizer="adam", optimizer_options={"beta_2": 0.99}, weight_decay=0.1, average=0.7
        )
        optimizer = parts.optimizer(settings, 0.5)
        assert type(optimizer) is optimizers.Adam
        assert float(optimizer.learning_rate) == 0.5
        assert (optimizer.beta_2, optimizer.weight_decay) == (0.99, 0.1)
        assert (optimizer.use_ema, optimizer.ema_momentum) == (True, 0.7)

    def test_plain_by_default(self):
        optimizer = parts.optimizer(Settings())
        assert type(optimizer) is optimizers.GradientDescent
        assert (optimizer.weight_decay, optimizer.use_ema) == (None, False)

    @pytest.mark.parametrize(
        ("option", "message"),
        [
            ("learning_rate", r"give learning_rate instead \(--learning-rate\)"),
            ("weight_decay", "give weight_decay instead"),
            ("clipnorm", r"clipnorm is no option .*: give clip_norm instead \(--clip-norm\)"),
            ("clipvalue", "give clip_value instead"),
            ("global_clipnorm", "give clip_global_norm instead"),
            ("use_ema", "give average instead"),
            ("ema_momentum", "give average instead"),
            ("gradient_accumulation_steps", "give gradient_accumulation_steps instead"),
            ("ema_overwrite_frequency", "takes no option 'ema_overwrite_frequency': it has beta_1"),
            ("loss_scale_factor", "takes no option 'loss_scale_factor'"),
            ("name", "the optimiser 'adam' takes no option 'name'"),
            ("momentum", "the optimiser 'adam' takes no option 'momentum'"),
        ],
    )
    @pytest.mark.parametrize("value", ["abc", 1, ["a", "b"]])
    def test_options_of_its_formula_only(self, option, message, value):
        with pytest.raises(InputError, match=message):
            parts.optimizer(Settings(optimizer="adam", optimizer_options={option: value}))

    def test_none_at_all(self):
        with pytest.raises(InputError, match="takes no option 'momentum': it has none"):
            parts.optimizer(Settings(optimizer_options={"momentum": 0.9}))

    def test_truth_values(self):
        options = {"bias_correction": "off"}
        with pytest.raises(InputError, match="bias_correction is True or False, and got 'off'"):
            parts.optimizer(Settings(optimizer="adam", optimizer_options=options))


class TestPerformance:
    def test_is_a_callback(self):
        options = {"every": 7, "factor": 0.5}
        (callback,) = parts.callbacks(Settings(schedule="performance", schedule_options=options))
        assert type(callback) is training.PerformanceSchedule
        assert (callback.every, callback.factor) == (7, 0.5)

    def test_has_its_own_validation(self):
        options = {"every": 7, "validation": "abc"}
        with pytest.raises(InputError, match="takes no option 'validation'"):
            parts.callbacks(Settings(schedule="performance", schedule_options=options))


@pytest.mark.parametrize(
    ("settings", "clip"),
    [
        ({"clip_value": 0.5}, gradients.clip_by_value(0.5)),
        ({"clip_norm": 0.5}, gradients.clip_by_norm(0.5)),
        ({"clip_global_norm": 0.5}, gradients.clip_by_global_norm(0.5)),
    ],
)
def test_clip(settings, clip):
    grads = [np.array([3.0, 0.1], "float32"), np.array([0.2], "float32")]
    for ours, expected in zip(parts.clip(Settings(**settings))(grads), clip(grads), strict=True):
        np.testing.assert_array_equal(ours, expected)
    assert parts.clip_effects(Settings(**settings)) == ()
    watched = parts.clip_effects(Settings(**settings, watch_clipping=True))
    assert watched == (gradients.clipped_share, gradients.turned_angle)


def test_no_clip():
    assert parts.clip(Settings()) is None


def test_callbacks():
    settings = Settings(early_stopping=3, min_update=1e-3, max_steps=9)
    stop, small, guard = parts.callbacks(settings)
    assert type(stop) is keras.callbacks.EarlyStopping
    assert (stop.monitor, stop.patience, stop.restore_best_weights) == ("val_loss", 3, True)
    assert (type(small), small.tolerance) == (training.StopOnSmallUpdates, 1e-3)
    assert (type(guard), guard.every) == (training.MaxSteps, 9)
    assert parts.callbacks(Settings()) == []


@pytest.mark.parametrize(
    ("settings", "penalty"),
    [
        ({"l1": 0.5}, 0.5 * 3.5),
        ({"l2": 0.5}, 0.25 * 6.25),
        ({"l1": 0.5, "l2": 0.5}, 0.5 * 3.5 + 0.25 * 6.25),
    ],
)
def test_penalties(settings, penalty):
    found = parts.layer_words(Settings(**settings))["kernel_regularizer"]
    assert float(found(np.array([1.5, -2.0]))) == pytest.approx(penalty)


def test_watchers(tmp_path, blobs):
    assert parts.watchers(Settings(), blobs.train, tmp_path) == []
    (watch,) = parts.watchers(Settings(watch_layers=True), blobs.train, tmp_path)
    assert watch.folder == tmp_path


def test_layers():
    settings = Settings(batch_norm=True, dropout=0.3, dropout_inputs=0.2, max_norm=2.0)
    words = parts.layer_words(settings)
    model = dnn_tf.models.dnn(4, n_outputs=3, **words)
    names = [layer.name for layer in model.layers]
    assert names[:5] == ["X", "X_dropout", "hidden1", "hidden1_bn", "hidden1_activation"]
    assert (model.get_layer("X_dropout").rate, model.get_layer("hidden2_dropout").rate) == (
        0.2,
        0.3,
    )
    assert model.get_layer("hidden1").kernel.constraint.max_norm == 2.0
    assert parts.layer_words(Settings())["kernel_constraint"] is None
    assert parts.layer_words(Settings())["kernel_regularizer"] is None
