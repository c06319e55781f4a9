"""The loop over the trials."""

import json

import pytest

from dnn_tf.runs import Settings
from dnn_tf.tuning.exploring import explore
from dnn_tf.tuning.oracles import make_oracle
from dnn_tf.tuning.task import Task
from dnn_tf.tuning.tuner import EnoughTrialsError, Tuner


def run(task, directory, algorithm="random", trials=3, epochs=2, **words):
    oracle = make_oracle(
        algorithm, objective="val_accuracy", trials=trials, epochs=epochs, seed=0,
        hyperparameters=explore(task.space, task.data, 0)[0],
    )  # fmt: skip
    oracle.open(directory)
    Tuner(oracle, task, directory, **words).search()
    return oracle


def make(classes, space, epochs=2):
    return Task(classes, space, "val_accuracy", epochs, 9, None, 0)


def states(directory):
    paths = sorted(directory.glob("trials/trial_*/trial.json"))
    return [json.loads(path.read_text()) for path in paths]


def test_runs_every_trial_and_leaves_no_checkpoints(classes, space, tmp_path, uncompiled):
    ended = []
    run(make(classes, space), tmp_path, on_end=ended.append)
    assert ended == ["0", "1", "2"]
    assert [state["status"] for state in states(tmp_path)] == ["COMPLETED"] * 3
    assert all(0 <= state["score"] <= 1 for state in states(tmp_path))
    assert not list(tmp_path.rglob("training-*"))


def test_what_fails_is_told_and_the_next_is_tried(classes, tmp_path, uncompiled, capsys):
    def space(hp):
        units = hp.Int("units", 1, 8)
        if (tmp_path / "trials").exists() and units != 1:
            raise RuntimeError(f"{units} are too many")
        return Settings(hidden=(units,))

    run(make(classes, space), tmp_path)
    failed = [one for one in states(tmp_path) if one["status"] == "FAILED"]
    assert len(failed) >= 2
    for one in failed:
        text = (tmp_path / "trials" / f"trial_{one['trial_id']}" / "error.txt").read_text()
        assert text.startswith("Traceback")
        assert "are too many" in text.splitlines()[-1]
    assert capsys.readouterr().out == ""


def test_an_interrupt_ends_it(classes, space, tmp_path, uncompiled):
    def interrupted(hp):
        if len(states(tmp_path)) > 1:
            raise KeyboardInterrupt
        return space(hp)

    with pytest.raises(KeyboardInterrupt):
        run(make(classes, interrupted), tmp_path)
    assert [one["status"] for one in states(tmp_path)] == ["COMPLETED", "RUNNING"]


def test_hyperband_trains_on(classes, space, tmp_path, uncompiled):
    run(make(classes, space, epochs=3), tmp_path, "hyperband", trials=10, epochs=3)
    found = {one["trial_id"]: one for one in states(tmp_path)}
    later = [one for one in found.values() if "tuner/trial_id" in values_of(one)]
    assert later
    for one in later:
        assert (tmp_path / "trials" / f"trial_{one['trial_id']}" / "training-0").is_dir()
        assert epochs_of(one) == 3
        assert epochs_of(found[values_of(one)["tuner/trial_id"]]) == 1


def values_of(state):
    return state["hyperparameters"]["values"]


def epochs_of(state):
    return state["metrics"]["metrics"]["epochs"]["observations"][-1]["value"][0]


def test_after_its_share_it_stops_with_no_trial_in_hand(classes, space, tmp_path, uncompiled):
    task = make(classes, space)
    with pytest.raises(EnoughTrialsError):
        run(task, tmp_path, at_most=2)
    assert [one["status"] for one in states(tmp_path)] == ["COMPLETED"] * 2
    run(task, tmp_path, at_most=2)  # one is left, and then the search has ended
    assert [one["status"] for one in states(tmp_path)] == ["COMPLETED"] * 3
