"""From settings to what fit is given."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import gradients, optimizers, schedules, training
from dnn_tf.runs import Settings, check_plan
from dnn_tf.runs.plan import Plan
from dnn_tf.types import InputError


def plan(rows=1000, **settings):
    return Plan(Settings(**settings), rows)


@pytest.mark.parametrize(
    ("settings", "steps"),
    [
        ({"epochs": 3, "batch_size": 100}, 30),
        ({"epochs": 3, "batch_size": 300}, 12),
        ({"epochs": 3, "batch_size": "all"}, 3),
        ({"epochs": 3, "batch_size": 100, "gradient_accumulation_steps": 4}, 9),
    ],
)
def test_counts_the_steps(settings, steps):
    assert plan(**settings).steps == steps


class TestOptimiser:
    def test_every_option_counts(self):
        optimizer = plan(
            optimizer="adam", optimizer_options={"beta_2": 0.99}, learning_rate=0.5,
            weight_decay=0.1, average=0.7,
        ).optimizer()  # fmt: skip
        assert type(optimizer) is optimizers.Adam
        assert float(optimizer.learning_rate) == 0.5
        assert (optimizer.beta_2, optimizer.weight_decay) == (0.99, 0.1)
        assert (optimizer.use_ema, optimizer.ema_momentum) == (True, 0.7)

    def test_plain_by_default(self):
        optimizer = plan().optimizer()
        assert type(optimizer) is optimizers.GradientDescent
        assert (optimizer.weight_decay, optimizer.use_ema) == (None, False)

    def test_a_new_one_each_time(self):
        made = plan()
        assert made.optimizer() is not made.optimizer()

    def test_a_learning_rate_that_was_found(self):
        found = plan(learning_rate="auto", schedule="exponential").at(0.3)
        assert float(found.optimizer().learning_rate) == pytest.approx(0.3)


class TestSchedule:
    @pytest.mark.parametrize(
        ("settings", "expected"),
        [
            ({"schedule": "exponential"}, schedules.ExponentialDecay(0.2, 10_000)),
            ({"schedule": "power"}, schedules.PowerDecay(0.2, 60)),
            ({"schedule": "one_cycle"}, schedules.OneCycle(0.2, 60)),
            ({"schedule": "cosine"}, schedules.CosineDecay(0.2, 60)),
            (
                {
                    "schedule": "cosine",
                    "schedule_options": {"warmup_steps": 10, "warmup_target": 0.5},
                },
                schedules.CosineDecay(0.2, 50, warmup_target=0.5, warmup_steps=10),
            ),
            (
                {"schedule": "power", "schedule_options": {"decay_steps": 7, "power": 2.0}},
                schedules.PowerDecay(0.2, 7, 2.0),
            ),
            (
                {
                    "schedule": "piecewise",
                    "schedule_options": {"boundaries": [5], "values": [1.0, 0.1]},
                },
                schedules.PiecewiseConstant([5], [1.0, 0.1]),
            ),
        ],
    )
    def test_starts_at_the_learning_rate_and_lasts_as_long_as_training(self, settings, expected):
        made = plan(rows=1000, epochs=3, batch_size=50, learning_rate=0.2, **settings)
        assert made.schedule().get_config() == expected.get_config()
        assert made.optimizer()._learning_rate.get_config() == expected.get_config()

    def test_none(self):
        assert plan().schedule() is None

    def test_performance_is_a_callback(self):
        made = plan(schedule="performance", schedule_options={"every": 7, "factor": 0.5})
        assert made.schedule() is None
        (callback,) = made.callbacks()
        assert type(callback) is training.PerformanceSchedule
        assert (callback.every, callback.factor) == (7, 0.5)


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
    for ours, expected in zip(plan(**settings).clip()(grads), clip(grads), strict=True):
        np.testing.assert_array_equal(ours, expected)
    assert plan(**settings).clip_effects() == ()
    watched = plan(**settings, watch_clipping=True).clip_effects()
    assert watched == (gradients.clipped_share, gradients.turned_angle)


def test_no_clip():
    assert plan().clip() is None


def test_callbacks():
    stop, small, guard = plan(early_stopping=3, min_update=1e-3, max_steps=9).callbacks()
    assert type(stop) is keras.callbacks.EarlyStopping
    assert (stop.monitor, stop.patience, stop.restore_best_weights) == ("val_loss", 3, True)
    assert (type(small), small.tolerance) == (training.StopOnSmallUpdates, 1e-3)
    assert (type(guard), guard.every) == (training.MaxSteps, 9)
    assert plan().callbacks() == []


@pytest.mark.parametrize(
    ("settings", "penalty"),
    [
        ({"l1": 0.5}, 0.5 * 3.5),
        ({"l2": 0.5}, 0.25 * 6.25),
        ({"l1": 0.5, "l2": 0.5}, 0.5 * 3.5 + 0.25 * 6.25),
    ],
)
def test_penalties(settings, penalty):
    found = plan(**settings).layer_words()["kernel_regularizer"]
    assert float(found(np.array([1.5, -2.0]))) == pytest.approx(penalty)


def test_layers():
    words = plan(batch_norm=True, dropout=0.3, dropout_inputs=0.2, max_norm=2.0).layer_words()
    model = dnn_tf.models.dnn(4, n_outputs=3, **words)
    names = [layer.name for layer in model.layers]
    assert names[:5] == ["X", "X_dropout", "hidden1", "hidden1_bn", "hidden1_activation"]
    assert (model.get_layer("X_dropout").rate, model.get_layer("hidden2_dropout").rate) == (
        0.2,
        0.3,
    )
    assert model.get_layer("hidden1").kernel.constraint.max_norm == 2.0
    assert plan().layer_words()["kernel_constraint"] is None
    assert plan().layer_words()["kernel_regularizer"] is None


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"optimizer": "adam", "optimizer_options": {"momentum": 0.9}}, "the optimiser 'adam'"),
        ({"optimizer_options": {"learning_rate": 1.0}}, "give learning_rate"),
        ({"schedule": "step"}, "unknown schedule 'step'"),
        ({"schedule": "performance", "schedule_options": {"steps": 3}}, "takes no option 'steps'"),
        (
            {"schedule": "power", "schedule_options": {"initial_learning_rate": 1.0}},
            "initial_learning_rate is what learning_rate gives",
        ),
    ],
)
def test_what_does_not_go_together(settings, message):
    with pytest.raises(InputError, match=message):
        check_plan(Settings(**settings))
