"""What came of each trial."""

import dataclasses
import json

import pytest

from dnn_tf.tuning.identity import Identity
from dnn_tf.tuning.records import TrialRecord, active, ranked, read_trials, shown


def write(directory, number, status="COMPLETED", score=0.5, times=(1.0, 3.5), values=None):
    folder = directory / "trials" / f"trial_{number:02}"
    folder.mkdir(parents=True)
    space = [{"class_name": "Int", "config": {"name": name}} for name in ("units", "rate")]
    identity = {field.name: None for field in dataclasses.fields(Identity)}
    (directory / "search.json").write_text(json.dumps(identity | {"space": {"space": space}}))
    state = {
        "trial_id": f"{number:02}", "status": status, "score": score, "times": list(times),
        "hyperparameters": {"space": space[::-1], "values": values or {"rate": 0.1, "units": 3}},
        "metrics": {"metrics": {} if score is None else {
            "epochs": {"observations": [{"value": [7.0]}]},
            "best_epoch": {"observations": [{"value": [4.0]}]},
        }},
    }  # fmt: skip
    (folder / "trial.json").write_text(json.dumps(state))
    return folder


def test_reads_what_has_ended(tmp_path):
    write(tmp_path, 1)
    write(tmp_path, 10, score=0.7)
    write(tmp_path, 3, status="RUNNING", score=None, times=(4.0, None))
    failed = write(tmp_path, 2, status="FAILED", score=None)
    (failed / "error.txt").write_text(
        "Traceback\n  line\ndnn_tf.types.DivergenceError: too: fast\n"
    )
    one, two, ten = read_trials(tmp_path)
    assert one == TrialRecord(
        number=1, status="completed", score=0.5, seconds=2.5, ended=3.5, epochs=7.0,
        best_epoch=4.0, values={"units": 3, "rate": 0.1}, message=None,
    )  # fmt: skip
    assert list(one.values) == ["units", "rate"]  # as the space asks for them
    assert (two.status, two.score, two.epochs) == ("failed", None, None)
    assert two.message == "DivergenceError: too: fast"
    assert ten.number == 10


def test_a_failure_without_a_file(tmp_path):
    write(tmp_path, 0, status="FAILED", score=None)
    assert read_trials(tmp_path)[0].message == "the score is no number"


def test_no_trials(tmp_path):
    assert read_trials(tmp_path) == []


@pytest.mark.parametrize(
    ("objective", "expected"), [("val_accuracy", [2, 4, 0, 1, 3]), ("val_loss", [0, 2, 4, 1, 3])]
)
def test_the_best_comes_first_and_failures_last(objective, expected):
    scores = [0.1, None, 0.9, None, 0.9]
    records = [
        TrialRecord(number, "", score, 1.0, 1.0, 1.0, 1.0, {}, None)
        for number, score in enumerate(scores)
    ]
    assert [one.number for one in ranked(records, objective)] == expected


def test_values_in_a_line():
    values = {"units": 3, "rate": 0.012345, "kind": "elu", "tuner/epochs": 4}
    assert active(values) == {"units": 3, "rate": 0.012345, "kind": "elu"}
    assert shown(values) == "units 3, rate 0.0123, kind elu"
