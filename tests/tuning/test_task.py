"""What a trial does."""

import dataclasses

import keras
import keras_tuner
import numpy as np
import pytest

from dnn_tf.data import Dataset, Split
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.models import dnn
from dnn_tf.optimizers import Adam
from dnn_tf.training import evaluate, fit
from dnn_tf.tuning import task as module
from dnn_tf.tuning.task import Task, take_over

LOSS = sparse_softmax_cross_entropy


def make(classes, space, **words):
    given = {
        "objective": "val_accuracy", "epochs": 6, "patience": 3, "folds": None, "seed": 5,
    } | words  # fmt: skip
    return Task(classes, space, **given)


def values(space, **given):
    hp = keras_tuner.HyperParameters()
    hp.values = dict(given)
    space(hp)
    return hp


@pytest.mark.parametrize("objective", ["val_accuracy", "val_loss"])
def test_the_score_is_that_of_the_weights_that_are_kept(
    objective, classes, space, tmp_path, uncompiled
):
    """Of the same training, written out."""
    hp = values(space, units=4, learning_rate=0.1, batch_size=10)
    measured = make(classes, space, objective=objective).run(hp, 6, tmp_path)
    keras.utils.set_random_seed(5)
    model = dnn(6, (4,), 3)
    early = keras.callbacks.EarlyStopping("val_loss", patience=3, restore_best_weights=True)
    history = fit(
        model, classes, loss=LOSS, optimizer=Adam(0.1), epochs=6, batch_size=10, seed=5,
        callbacks=[early], jit_compile=False,
    ).history  # fmt: skip
    kept = evaluate(model, classes.validation, loss=LOSS)
    assert measured[objective] == pytest.approx(kept[objective.removeprefix("val_")], abs=1e-6)
    assert measured["epochs"] == len(history["loss"])
    assert measured["best_epoch"] == np.argmin(history["val_loss"])


@pytest.mark.parametrize("jit_compile", [True, False])
def test_xla_or_not_is_said_to_fit(jit_compile, classes, space, tmp_path, monkeypatch):
    class Told:
        history = {"val_loss": [1.0], "val_accuracy": [0.5], "loss": [1.0]}

    given = []
    monkeypatch.setattr(module, "fit", lambda *args, **words: given.append(words) or Told)
    make(classes, space, jit_compile=jit_compile).run(values(space), 1, tmp_path)
    assert [words["jit_compile"] for words in given] == [jit_compile]


def test_no_trial_sees_the_test_rows(classes, space, tmp_path, uncompiled):
    hp = values(space)
    others = dataclasses.replace(classes, test=Split(-classes.test.x, classes.test.y[::-1]))
    one = make(classes, space).run(hp, 3, tmp_path / "one")
    assert make(others, space).run(hp, 3, tmp_path / "two") == one


def test_folds_take_turns(classes, space, tmp_path, uncompiled):
    """Each row scores once, in folds of equal classes; the mean is the score."""
    seen = []
    task = make(classes, space, folds=3)
    rounds = list(task._rounds())
    for data in rounds:
        assert sorted(np.bincount(data.test.y)) == [6, 7, 7]
        assert len(data.train) == 40
        assert data.validation is classes.validation
        seen += data.test.x[:, 0].tolist()
    assert sorted(seen) == sorted(classes.train.x[:, 0].tolist())
    hp = values(space)
    measured = task.run(hp, 4, tmp_path)
    scores = []
    for number, data in enumerate(rounds):
        keras.utils.set_random_seed(5)
        model = dnn(6, (1,), 3)
        early = keras.callbacks.EarlyStopping("val_loss", patience=3, restore_best_weights=True)
        fit(
            model, data, loss=LOSS, optimizer=Adam(0.05), epochs=4, batch_size=10, seed=5,
            callbacks=[early], jit_compile=False,
        )  # fmt: skip
        scores.append(evaluate(model, data.test, loss=LOSS)["accuracy"])
        assert (tmp_path / f"training-{number}").is_dir()
    assert measured["val_accuracy"] == pytest.approx(np.mean(scores), abs=1e-6)


def test_folds_are_drawn_by_the_seed(classes, space):
    def tests(seed):
        return [data.test.x.tolist() for data in make(classes, space, folds=2, seed=seed)._rounds()]

    assert tests(1) == tests(1) != tests(2)


def test_what_was_broken_off_goes_on_to_the_same_score(
    classes, space, tmp_path, uncompiled, monkeypatch
):
    hp = values(space, units=4, learning_rate=0.02)
    task = make(classes, space, patience=9)
    whole = task.run(hp, 6, tmp_path / "whole")
    trained, breaks = [], [3]

    def on_epoch_begin(epoch, _):
        trained.append(epoch)
        if epoch in breaks:
            breaks.clear()
            raise KeyboardInterrupt

    def watched(*arguments, callbacks, checkpoint, fit=module.fit, **words):
        checkpoint.seconds = 0.0
        watcher = keras.callbacks.LambdaCallback(on_epoch_begin=on_epoch_begin)
        return fit(*arguments, callbacks=[watcher, *callbacks], checkpoint=checkpoint, **words)

    monkeypatch.setattr(module, "fit", watched)
    with pytest.raises(KeyboardInterrupt):
        task.run(hp, 6, tmp_path / "broken")
    assert task.run(hp, 6, tmp_path / "broken") == whole
    assert trained == [0, 1, 2, 3, 3, 4, 5]


def test_a_later_trial_of_hyperband_goes_on_with_an_earlier(
    classes, space, tmp_path, uncompiled, monkeypatch
):
    hp = values(space, units=4, learning_rate=0.02)
    task = make(classes, space, epochs=6, patience=9)
    whole = task.run(hp, 6, tmp_path / "whole")
    task.run(hp, 2, tmp_path / "first")
    take_over(tmp_path / "first", tmp_path / "second")
    trained = []

    def watched(*arguments, callbacks, fit=module.fit, **words):
        watcher = keras.callbacks.LambdaCallback(on_epoch_begin=lambda e, _: trained.append(e))
        return fit(*arguments, callbacks=[watcher, *callbacks], **words)

    monkeypatch.setattr(module, "fit", watched)
    assert task.run(hp, 6, tmp_path / "second") == whole
    assert trained == [2, 3, 4, 5]


def test_what_is_there_is_not_taken_over(tmp_path):
    for name in ("first", "second"):
        (tmp_path / name / "training-0").mkdir(parents=True)
        (tmp_path / name / "training-0" / "whose").write_text(name)
    take_over(tmp_path / "first", tmp_path / "second")
    assert (tmp_path / "second" / "training-0" / "whose").read_text() == "second"


def test_precision_is_left_as_it_was(classes, space, tmp_path, uncompiled):
    """And trials have it; `keras.backend.clear_session` would put float32 in its place."""
    before = keras.config.dtype_policy()
    seen = []

    def watched(hp):
        seen.append(keras.config.dtype_policy().name)
        return space(hp)

    try:
        keras.config.set_dtype_policy("mixed_bfloat16")
        make(classes, watched, folds=2).run(values(space), 1, tmp_path)
        assert seen == ["mixed_bfloat16"] * 2
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy(before)


def test_images_for_a_network_that_takes_images(tmp_path, uncompiled):
    y = np.arange(12) % 2
    x = np.random.default_rng(0).normal(size=(12, 4, 4, 1)).astype("float32")
    data = Dataset(Split(x, y), Split(x, y), class_names=("a", "b"))

    def space(hp):
        model = keras.Sequential(
            [keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(2)]
        )
        model.compile(Adam(hp.Float("rate", 0.01, 0.1)), LOSS)
        return model

    assert 0 <= make(data, space).run(values(space), 2, tmp_path)["val_accuracy"] <= 1
