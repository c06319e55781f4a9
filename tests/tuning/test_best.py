"""The best network, trained once more and saved."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.tuning import TrialRecord, best
from dnn_tf.tuning.best import save_best
from dnn_tf.tuning.task import Task


def record(**values):
    return TrialRecord(3, "completed", 0.9, 1.0, 1.0, 1.0, 1.0, values, None)


@pytest.fixture
def task(classes, space):
    return Task(classes, space, "val_loss", 4, 2, None, 7)


VALUES = {"units": 5, "learning_rate": 0.1, "batch_size": 10}


def test_is_the_network_that_was_scored(task, tmp_path, uncompiled):
    hp = dnn_tf.tuning.best.keras_tuner.HyperParameters()
    hp.values = dict(VALUES)
    score = task.run(hp, 4, tmp_path / "trial")["val_loss"]
    measured = save_best(task, record(**VALUES), tmp_path, tmp_path / "out", False)
    assert measured["validation_loss"] == pytest.approx(score, abs=1e-6)
    model = dnn_tf.load(tmp_path / "out")
    assert model.get_layer("hidden1").units == 5
    found = dnn_tf.evaluate(model, task.data.test, loss=dnn_tf.losses.sparse_softmax_cross_entropy)
    assert measured["test_accuracy"] == pytest.approx(found["accuracy"])
    assert measured["test_loss"] == pytest.approx(found["loss"], abs=1e-6)


def test_what_hyperband_keeps_among_the_values_does_not_matter(task, tmp_path, uncompiled):
    for name, more in (("plain", {}), ("hyperband", {"tuner/epochs": 1, "tuner/trial_id": "02"})):
        save_best(task, record(**VALUES, **more), tmp_path / name, tmp_path / name / "out", False)
    one, two = (dnn_tf.load(tmp_path / name / "out") for name in ("plain", "hyperband"))
    for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
        assert np.array_equal(a, b)


def test_where_it_had_ended_nothing_is_trained_again(task, tmp_path, uncompiled, monkeypatch):
    first = save_best(task, record(**VALUES), tmp_path, tmp_path / "out", False)
    epochs = []
    real = best.fit
    watcher = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, _: epochs.append(epoch))
    monkeypatch.setattr(
        best, "fit", lambda *a, callbacks, **w: real(*a, callbacks=[*callbacks, watcher], **w)
    )
    assert save_best(task, record(**VALUES), tmp_path, tmp_path / "out", False) == first
    assert epochs == []
