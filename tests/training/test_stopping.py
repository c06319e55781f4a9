"""When training stops."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.data import Split
from dnn_tf.training import MaxSteps, StopOnSmallUpdates
from dnn_tf.types import InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")


def line(steps_of_rows=4):
    """`y = 2 x`, for one weight: each step of 0.25 * gradient takes off half of what is left."""
    model = dnn_tf.models.dnn(1, (), 1)
    model.set_weights([np.array([[0.0]]), np.array([0.0])])
    x = np.array([[1.0], [-1.0]] * (steps_of_rows // 2), "float32")
    return model, (x, 2 * x)


def train(model, data, callback, **words):
    usual = {"epochs": 50, "batch_size": "all"}
    return dnn_tf.fit(
        model, data, loss=dnn_tf.losses.mean_squared_error, callbacks=[callback],
        optimizer=dnn_tf.optimizers.GradientDescent(0.25), **usual | words,
    )  # fmt: skip


@pytest.mark.parametrize("steps", [1, 3, 4, 7])
def test_max_steps_stops_within_an_epoch(fit_blobs, small_model, steps):
    """Three steps an epoch."""
    optimizer = dnn_tf.optimizers.GradientDescent(0.0)
    history = fit_blobs(
        small_model, epochs=9, batch_size=30, optimizer=optimizer, callbacks=[MaxSteps(steps)],
        jit_compile=steps > 3,
    ).history  # fmt: skip
    assert int(optimizer.iterations) == steps
    assert len(history["loss"]) == -(-steps // 3)


def test_rows_that_were_not_used_do_not_count(fit_blobs, small_model, blobs):
    options = {"optimizer": dnn_tf.optimizers.GradientDescent(0.0), "epochs": 1, "batch_size": 30}
    stopped = fit_blobs(small_model, callbacks=[MaxSteps(1)], **options).history
    rows = np.random.default_rng(1).permutation(90)[:30]
    used = dnn_tf.evaluate(
        small_model,
        Split(blobs.train.x[rows], blobs.train.y[rows]),
        loss=dnn_tf.losses.sparse_softmax_cross_entropy,
    )
    assert stopped["loss"][0] == pytest.approx(used["loss"], rel=1e-6)
    assert stopped["accuracy"][0] == pytest.approx(used["accuracy"])


@pytest.mark.parametrize(("steps", "taken"), [(4, 4), (10, 12)])
def test_max_steps_in_model_fit_with_several_steps_an_execution(blobs, small_model, steps, taken):
    """The end of the execution in which enough were taken."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    small_model.compile("sgd", loss, steps_per_execution=4)
    stop = MaxSteps(steps)
    small_model.fit(
        blobs.train.x, blobs.train.y, batch_size=5, epochs=9, verbose=0, callbacks=[stop]
    )
    assert int(small_model.optimizer.iterations) == taken


def test_max_steps_in_model_fit(blobs, small_model):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    small_model.compile("sgd", loss)
    small_model.fit(
        blobs.train.x, blobs.train.y, batch_size=30, epochs=9, verbose=0, callbacks=[MaxSteps(4)]
    )
    assert int(small_model.optimizer.iterations) == 4


def test_trains_again_after_it_was_stopped(fit_blobs, small_model):
    fit_blobs(small_model, callbacks=[MaxSteps(1)])
    assert len(fit_blobs(small_model, epochs=3).history["loss"]) == 3


def test_stops_when_updates_are_small():
    """The weight is 2 - 2^(1-t) after step t, its update 2^(1-t): below 2 % of it from step 6."""
    model, data = line()
    assert len(train(model, data, StopOnSmallUpdates(0.02)).history["loss"]) == 6
    assert model.get_weights()[0] == pytest.approx(2 - 2**-5)


def test_looks_at_the_way_over_several_steps():
    """From step 2 to step 4 the weight moves by 3/8 of 2 - 1/8, from 6 to 8 by 3/128."""
    model, data = line()
    callback = StopOnSmallUpdates(0.02, every=2)
    assert len(train(model, data, callback).history["loss"]) == 8


def test_weights_that_are_all_0_and_stay_there():
    model, (x, y) = line()
    history = train(model, (x, np.zeros_like(y)), StopOnSmallUpdates())
    assert len(history.history["loss"]) == 1


def test_does_not_stop_while_they_are_large():
    model, data = line()
    assert len(train(model, data, StopOnSmallUpdates(1e-30), epochs=12).history["loss"]) == 12


@pytest.mark.parametrize("tolerance", [0, -1, float("nan"), float("inf"), "1"])
def test_tolerance_above_zero(tolerance):
    with pytest.raises(InputError, match="tolerance is a finite number above 0, and got"):
        StopOnSmallUpdates(tolerance)
