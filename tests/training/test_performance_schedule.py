"""A learning rate that falls when the validation error does not."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.optimizers import GradientDescent
from dnn_tf.training import PerformanceSchedule
from dnn_tf.types import DivergenceError, InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")


def rates(fit_blobs, model, callback, rate=0.08, **words):
    optimizer = GradientDescent(rate)
    history = fit_blobs(model, optimizer=optimizer, callbacks=[callback], **words).history
    return history["learning_rate"]


class TestAtTheEndsOfEpochs:
    """What is monitored is made up here: the callback before writes it into the logs."""

    def told(self, fit_blobs, model, values, **words):
        script = iter(values)

        class Tell(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs):
                logs["error"] = next(script)

        optimizer, seen = GradientDescent(1.0), []
        schedule = PerformanceSchedule(monitor="error", factor=0.5, **words)
        look = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda *_: seen.append(float(optimizer.learning_rate))
        )
        fit_blobs(
            model, optimizer=optimizer, epochs=len(values), callbacks=[Tell(), schedule, look]
        )
        return seen

    #           measured   3    2    2    1    1    1    0
    def test_every_failure_lowers(self, fit_blobs, small_model):
        seen = self.told(fit_blobs, small_model, [3, 2, 2, 1, 1, 1, 0])
        assert seen == [1, 1, 0.5, 0.5, 0.25, 0.125, 0.125]

    def test_patience_waits_and_improvement_forgives(self, fit_blobs, small_model):
        seen = self.told(fit_blobs, small_model, [3, 3, 2, 2, 2, 2, 2], patience=1)
        assert seen == [1, 1, 1, 1, 0.5, 0.5, 0.25]

    def test_floor(self, fit_blobs, small_model):
        seen = self.told(fit_blobs, small_model, [1] * 5, min_learning_rate=0.2)
        assert seen == pytest.approx([1, 0.5, 0.25, 0.2, 0.2])

    def test_a_floor_above_the_rate_does_not_raise_it(self, fit_blobs, small_model):
        assert self.told(fit_blobs, small_model, [1] * 3, min_learning_rate=5.0) == [1, 1, 1]

    def test_small_improvements_do_not_count(self, fit_blobs, small_model):
        seen = self.told(fit_blobs, small_model, [3, 2.95, 2.85, 2.8], min_delta=0.1)
        assert seen == [1, 0.5, 0.5, 0.25]

    def test_what_is_better_when_larger(self, fit_blobs, small_model):
        assert self.told(fit_blobs, small_model, [1, 2, 1.5], mode="max") == [1, 1, 0.5]

    def test_an_accuracy_is_better_when_larger(self, fit_blobs, small_model):
        schedule = PerformanceSchedule(monitor="val_accuracy")
        assert (schedule.monitor, schedule.mode) == ("val_accuracy", "max")
        assert PerformanceSchedule(monitor="val_accuracy", mode="min").mode == "min"
        assert (PerformanceSchedule().monitor, PerformanceSchedule().mode) == ("val_loss", "min")
        fit_blobs(small_model, callbacks=[schedule], epochs=1)
        assert schedule.best <= 0  # less of what is turned round

    def test_nothing_of_that_name(self, fit_blobs, small_model):
        schedule = PerformanceSchedule(monitor="val_los")
        with pytest.raises(InputError, match="monitors 'val_los', and measured were accuracy, lea"):
            fit_blobs(small_model, callbacks=[schedule])


class TestEverySoManySteps:
    def test_measures_the_validation_loss_there(self, fit_blobs, small_model):
        """A rate of 0 improves nothing: after the first of 3 measurements an epoch each lowers."""
        seen = rates(fit_blobs, small_model, PerformanceSchedule(3), rate=0.0, epochs=2)
        assert seen == [0.0, 0.0]
        schedule = PerformanceSchedule(every=3, factor=0.5, min_delta=1e9)
        seen = rates(fit_blobs, small_model, schedule, rate=0.08, epochs=2, jit_compile=True)
        assert seen == pytest.approx(
            [0.08 / 4, 0.08 / 32]
        )  # the first measurement is an improvement

    def test_keeps_the_rate_while_the_loss_falls(self, fit_blobs, small_model, blobs):
        schedule = PerformanceSchedule(every=9)
        assert rates(fit_blobs, small_model, schedule, epochs=2)[-1] == pytest.approx(0.08)
        held_out = dnn_tf.evaluate(
            small_model, blobs.validation, loss=dnn_tf.losses.sparse_softmax_cross_entropy
        )
        assert schedule.best == pytest.approx(held_out["loss"], rel=1e-6)

    def test_in_model_fit(self, blobs, small_model):
        schedule = PerformanceSchedule(
            every=2, factor=0.5, min_delta=1e9, validation=(blobs.validation.x, blobs.validation.y)
        )
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        small_model.compile(GradientDescent(0.08), loss)
        small_model.fit(
            blobs.train.x, blobs.train.y, batch_size=15, epochs=1, verbose=0, callbacks=[schedule]
        )
        assert float(small_model.optimizer.learning_rate) == pytest.approx(0.02)
        measured = small_model.evaluate(blobs.validation.x, blobs.validation.y, verbose=0)
        assert schedule.best > measured > 0

    @pytest.mark.parametrize(
        ("loss", "found"), [({"o": "mse"}, r"one an output \(o\)"), (["mse"], r".* \(mse\)")]
    )
    def test_more_than_one_loss(self, blobs, loss, found):
        x = keras.Input((6,))
        model = keras.Model(x, {"o": keras.layers.Dense(3)(x)})
        model.compile("sgd", loss=loss)
        schedule = PerformanceSchedule(2, validation=(blobs.validation.x, blobs.validation.y))
        with pytest.raises(InputError, match=rf"measures one loss, and the model has {found}: "):
            model.fit(blobs.train.x, {"o": blobs.train.y}, verbose=0, callbacks=[schedule])

    def test_measures_the_average_of_the_weights(self, fit_blobs, small_model, blobs):
        """The last of 9 steps is measured just before fit measures the same network."""
        optimizer = GradientDescent(0.05, use_ema=True, ema_momentum=0.9)
        schedule = PerformanceSchedule(9, min_delta=0.0)
        words = {"optimizer": optimizer, "epochs": 1, "batch_size": 10, "callbacks": [schedule]}
        measured = fit_blobs(small_model, **words).history["val_loss"][0]
        assert schedule.best == pytest.approx(measured, rel=1e-6)

    def test_rows_of_fit_are_forgotten_in_model_fit(self, fit_blobs, small_model, blobs):
        schedule = PerformanceSchedule(3)
        fit_blobs(small_model, callbacks=[schedule], epochs=1)
        with pytest.raises(InputError, match="measures on validation rows, and there are none"):
            small_model.fit(blobs.train.x, blobs.train.y, verbose=0, callbacks=[schedule])

    def test_own_rows_come_before_those_of_the_data(self, fit_blobs, small_model, blobs):
        own = (blobs.test.x, (blobs.test.y + 1) % 3)  # wrong labels: the loss grows
        seen = rates(fit_blobs, small_model, PerformanceSchedule(3, validation=own), epochs=3)
        assert seen[-1] < 0.08

    def test_nothing_to_measure(self, fit_blobs, small_model, blobs):
        data = (blobs.train.x, blobs.train.y)
        with pytest.raises(InputError, match="measures on validation rows, and there are none"):
            fit_blobs(small_model, data=data, callbacks=[PerformanceSchedule(5)])

    def test_rows_of_a_training_that_failed_are_forgotten(self, fit_blobs, small_model):
        schedule = PerformanceSchedule(3)
        with pytest.raises(DivergenceError):
            rates(fit_blobs, small_model, schedule, rate=1e30)
        assert schedule._offered is None

    def test_rows_of_an_earlier_training_are_forgotten(self, fit_blobs, small_model, blobs):
        schedule = PerformanceSchedule(3)
        fit_blobs(small_model, callbacks=[schedule])
        with pytest.raises(InputError, match="measures on validation rows, and there are none"):
            fit_blobs(small_model, data=(blobs.train.x, blobs.train.y), callbacks=[schedule])


def test_under_a_loss_scale(fit_blobs, blobs):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = dnn_tf.models.dnn(6, (8,), 3)
    finally:
        keras.config.set_dtype_policy("float32")
    schedule = PerformanceSchedule(factor=0.5, min_delta=1e9)
    assert rates(fit_blobs, model, schedule, epochs=3, jit_compile=True)[-1] == pytest.approx(0.04)


def test_an_optimiser_with_a_schedule_of_its_own(fit_blobs, small_model):
    before = small_model.get_weights()
    optimizer = GradientDescent(dnn_tf.schedules.ExponentialDecay())
    with pytest.raises(InputError, match="takes its own from a schedule: give .* a number"):
        fit_blobs(small_model, optimizer=optimizer, callbacks=[PerformanceSchedule()])
    for a, b in zip(before, small_model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"factor": 1.0}, "factor is a number from 0 up to and without 1"),
        ({"patience": -1}, "patience is a whole number, 0 or more"),
        ({"min_learning_rate": -0.1}, "min_learning_rate is a finite number, 0 or more"),
        ({"min_delta": float("nan")}, "min_delta is a finite number"),
        ({"mode": "up"}, "mode is one of auto, min, max, and got 'up'"),
        ({"every": 5, "mode": "min"}, r"every=5\) measures the loss, and got .*, mode='min'"),
        ({"every": 5, "monitor": "loss"}, "got monitor='loss', mode='auto': leave them out"),
        ({"every": 0}, "every is a whole number, 1 or more"),
    ],
)
def test_bad_arguments(words, message):
    with pytest.raises(InputError, match=message):
        PerformanceSchedule(**words)
