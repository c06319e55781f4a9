"""The search as a whole, in one process."""

import dataclasses
import json
import sys

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import losses, models, tuning
from dnn_tf.data import Dataset, Split
from dnn_tf.optimizers import Adam
from dnn_tf.runs import Settings
from dnn_tf.tuning import oracles
from dnn_tf.types import InputError


def run(data, space, directory, **words):
    given = {"algorithm": "random", "trials": 3, "epochs": 3, "patience": 3, "progress": False}
    return tuning.search(data, space, directory=directory, **given | words)


def test_from_a_space_to_a_saved_network(classes, space, tmp_path, uncompiled):
    told: list = []
    result = run(classes, space, tmp_path / "new" / "search", report=told.append)
    assert [one.number for one in told] == [0, 1, 2]
    assert {one.status for one in result.trials} == {"completed"}
    scores = [one.score for one in result.trials]
    assert scores == sorted(scores, reverse=True)
    assert result.best == result.trials[0]
    assert result.measured["validation_accuracy"] == pytest.approx(result.best.score, abs=1e-6)
    model = dnn_tf.load(result.saved_model)
    assert model.get_layer("hidden1").units == result.best.values["units"]
    names = {path.name for path in (tmp_path / "new" / "search").iterdir()}
    assert names >= {"search.json", "trials", "trials.csv", "search.png", "result.json", "best"}
    assert not {"job"} & names
    kept = json.loads((tmp_path / "new" / "search" / "result.json").read_text())
    assert kept["source"] == "clouds"


def test_the_same_seed_gives_the_same(classes, space, tmp_path, uncompiled):
    one, two, other = (
        run(classes, space, tmp_path / name, seed=seed, trials=2)
        for name, seed in (("one", 1), ("two", 1), ("three", 2))
    )

    def plain(result):
        return [(trial.values, trial.score) for trial in result.trials]

    assert plain(one) == plain(two) != plain(other)


def test_the_same_call_goes_on_and_one_for_more_too(classes, space, tmp_path, uncompiled):
    first = run(classes, space, tmp_path, trials=2)
    files = {path: path.read_bytes() for path in tmp_path.glob("trials/trial_*/trial.json")}
    told: list = []
    assert run(classes, space, tmp_path, trials=2, report=told.append).trials == first.trials
    assert told == []
    more = run(classes, space, tmp_path, trials=4, report=told.append)
    assert [one.number for one in told] == [2, 3]
    assert len(more.trials) == 4
    assert all(path.read_bytes() == text for path, text in files.items())


def test_after_an_interrupt_it_tells_how_to_go_on(classes, space, tmp_path, uncompiled):
    def interrupted(hp):
        hp.Int("units", 1, 8)
        if len(list(tmp_path.glob("search/trials/trial_*"))) > 1 and not calm:
            raise KeyboardInterrupt
        return space(hp)

    calm: list = []
    with pytest.raises(KeyboardInterrupt, match=r"1 of 3 trials have ended and are kept in .*goes"):
        run(classes, interrupted, tmp_path / "search")
    calm.append(True)
    assert len(run(classes, interrupted, tmp_path / "search").trials) == 3


def test_a_trial_that_fails_is_not_ranked(classes, tmp_path, uncompiled):
    def space(hp):
        rate = hp.Choice("rate", [0.05, 1e30])
        return Settings(hidden=(3,), learning_rate=rate)

    result = run(classes, space, tmp_path, algorithm="grid")
    completed, failed = result.trials
    assert (completed.status, completed.values) == ("completed", {"rate": 0.05})
    assert (failed.status, failed.score, failed.values) == ("failed", None, {"rate": 1e30})
    assert failed.message.startswith("DivergenceError: step ")
    assert result.best == completed


def test_a_trial_that_ends_python_has_failed(classes, space, tmp_path, uncompiled):
    def leaving(hp):
        if list(tmp_path.glob("search/trials/trial_0")):
            sys.exit(0)
        return space(hp)

    with pytest.raises(InputError, match="all 2 trials failed, the first one with SystemExit: 0"):
        run(classes, leaving, tmp_path / "search", trials=2)


def test_a_full_disk_is_told_with_what_is_kept(classes, space, tmp_path, uncompiled, monkeypatch):
    real, calls = oracles._write, []

    def write(path, state):
        calls.append(path)
        if len(calls) > 6:
            raise OSError(28, "No space left on device", str(path))
        real(path, state)

    monkeypatch.setattr(oracles, "_write", write)
    with pytest.raises(
        OSError, match=r"No space left .* of 3 trials have ended and are kept in .*on"
    ):
        run(classes, space, tmp_path)


def test_where_all_fail_nothing_is_saved(classes, tmp_path, uncompiled):
    def space(hp):
        return Settings(hidden=(3,), learning_rate=hp.Choice("rate", [1e29, 1e30]))

    with pytest.raises(InputError, match="all 2 trials failed, the first one with DivergenceError"):
        run(classes, space, tmp_path, algorithm="grid")
    assert not (tmp_path / "best").exists()


def test_the_loss_may_decide(classes, space, tmp_path, uncompiled):
    result = run(classes, space, tmp_path, objective="val_loss")
    scores = [one.score for one in result.trials]
    assert scores == sorted(scores)
    assert result.measured["validation_loss"] == pytest.approx(scores[0], abs=1e-6)


def test_images_and_a_compiled_model(tmp_path, uncompiled):
    y = np.arange(12) % 2
    x = np.random.default_rng(0).normal(size=(12, 4, 4, 1)).astype("float32")
    data = Dataset(Split(x, y), Split(x, y), class_names=("a", "b"))

    def space(hp):
        model = keras.Sequential(
            [keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(2)]
        )
        model.compile(Adam(hp.Float("rate", 0.01, 0.1)), losses.sparse_softmax_cross_entropy)
        return model

    result = run(data, space, tmp_path, trials=2, folds=2, out=tmp_path / "elsewhere")
    assert set(result.measured) == {"validation_accuracy", "validation_loss", "epochs"}
    assert dnn_tf.load(tmp_path / "elsewhere").input_shape == (None, 4, 4, 1)


class TestBeforeAnythingRuns:
    """One line, and nothing is left behind."""

    @pytest.fixture
    def refused(self, classes, space, tmp_path):
        def refuse(message, data=classes, space=space, **words):
            with pytest.raises(InputError, match=message) as told:
                run(data, space, tmp_path / "search", **words)
            assert "\n" not in str(told.value)
            assert not (tmp_path / "search").exists()

        return refuse

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            ({"trials": 0}, "trials is a whole number, 1 or more, and got 0"),
            ({"workers": 0}, "workers is a whole number, 1 or more"),
            ({"epochs": 0}, "epochs is a whole number, 1 or more"),
            ({"patience": 0}, "patience is a whole number, 1 or more"),
            ({"folds": 1}, "folds is a whole number, 2 or more"),
            ({"folds": 21}, "21 folds need as many training rows of each class, and one class"),
            ({"seed": -1}, "seed is a whole number from 0"),
            ({"seed": 2**32}, "seed is a whole number from 0 to 4294967295"),
            ({"algorithm": "magic"}, "algorithm is one of random, bayesian, hyperband, grid"),
            ({"objective": "accuracy"}, "objective is one of val_accuracy, val_loss"),
        ],
    )
    def test_words(self, refused, words, message):
        refused(message, **words)

    def test_one_class(self, refused, classes):
        one = Split(classes.train.x, np.zeros(60, int))
        refused("needs two classes or more", data=Dataset(one, one, class_names=("a",)))

    def test_no_class_names(self, refused, classes):
        refused("give a Dataset with class names", data=Dataset(classes.train, classes.validation))

    def test_no_dataset(self, refused, classes):
        refused("give a Dataset with class names", data=(classes.train.x, classes.train.y))

    def test_no_validation_rows(self, refused, classes):
        refused("has no such split", data=dataclasses.replace(classes, validation=None))

    @pytest.mark.parametrize(
        ("space", "message"),
        [
            (lambda hp: Settings(hidden=(hp.Choice("n", [0]),)), "hidden1 is a whole number"),
            (lambda hp: models.dnn(6, (hp.Choice("n", [2]),), 3), "without a loss"),
            (lambda hp: 1 / hp.Choice("n", [0]), "raised ZeroDivisionError"),
            (lambda hp: Settings(), "nothing to search"),
            ("dense", "a space is a function of hp, and got 'dense'"),
        ],
    )
    def test_a_broken_space(self, refused, space, message):
        refused(message, space=space)

    def test_a_folder_with_another_search(self, classes, space, tmp_path, uncompiled):
        run(classes, space, tmp_path, trials=1)
        before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
        with pytest.raises(InputError, match="holds another search"):
            run(classes, space, tmp_path, trials=1, epochs=9)
        with pytest.raises(InputError, match=r"holds another search \(data\)"):
            run(dataclasses.replace(classes, test=None), space, tmp_path, trials=1)
        with pytest.raises(InputError, match=r"holds another search \(space"):
            run(classes, lambda hp: Settings(hidden=(hp.Int("n", 1, 2),)), tmp_path, trials=1)
        assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before

    def test_a_folder_with_other_networks(self, classes, space, tmp_path, uncompiled):
        """Of the same hyperparameters: trials of both would stand in one table."""
        run(classes, space, tmp_path, trials=1)

        def wider(hp):
            settings = space(hp)
            return dataclasses.replace(settings, hidden=(settings.hidden[0] * 3,))

        with pytest.raises(InputError, match=r"holds another search \(networks\)"):
            run(classes, wider, tmp_path, trials=2)

    def test_a_folder_with_something_else(self, classes, space, tmp_path):
        (tmp_path / "thesis.txt").write_text("")
        with pytest.raises(InputError, match="holds no search: name a new folder"):
            run(classes, space, tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]

    def test_a_place_for_the_best_that_holds_something(self, refused, tmp_path):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "thesis.txt").write_text("")
        refused("holds something else than a saved model", out=tmp_path / "out")
