"""What a search came to, for a person and for a program."""

import csv
import dataclasses
import json

from dnn_tf.tuning import SearchResult, TrialRecord


def record(number, score, **words):
    given = {
        "status": "failed" if score is None else "completed",
        "seconds": 1.25, "ended": number * 2.0,
        "epochs": None if score is None else 7.0, "best_epoch": None if score is None else 3.0,
        "values": {"units": number, "rate": 0.1}, "message": "too fast" if score is None else None,
    }  # fmt: skip
    return TrialRecord(number=number, score=score, **given | words)


def make(n=3):
    trials = [record(1, 0.9), *(record(number, 0.5) for number in range(2, n)), record(0, None)]
    return SearchResult(
        objective="val_accuracy", best=trials[0], trials=trials, measured={"test_accuracy": 0.8},
        source="clouds", device="CPU", seconds=9.5, saved_model="out", directory="dir",
    )  # fmt: skip


def test_the_table():
    lines = str(make()).splitlines()
    assert lines[0].split() == ["trial", "val_accuracy", "seconds", "epochs", "values"]
    assert lines[1].split(maxsplit=4) == ["1", "0.9000", "1.2", "7", "units 1, rate 0.1"]
    assert lines[-1].split(maxsplit=3) == ["0", "failed", "1.2", "too fast"]


def test_a_long_table_is_cut():
    lines = str(make(30)).splitlines()
    assert len(lines) == 12
    assert lines[-1] == "and 20 more in dir/trials.csv"


def test_for_a_program():
    summary = json.loads(json.dumps(make().summary()))
    assert summary["best"]["score"] == 0.9
    assert summary["best"]["measured"] == {"test_accuracy": 0.8}
    assert summary["best"]["values"] == {"units": 1, "rate": 0.1}
    assert [one["status"] for one in summary["trials"]] == ["completed", "completed", "failed"]
    assert {"number", "status", "score", "seconds", "message"} <= set(summary["trials"][0])
    assert summary["saved_model"] == "out"


def test_the_files(tmp_path):
    make().write(tmp_path)
    assert json.loads((tmp_path / "result.json").read_text()) == json.loads(
        json.dumps(make().summary())
    )
    with (tmp_path / "trials.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == ["1", "2", "0"]
    assert [row["hp.units"] for row in rows] == ["1", "2", "0"]
    assert rows[-1]["message"] == "too fast"
    assert (tmp_path / "search.png").read_bytes().startswith(b"\x89PNG")


def test_a_hyperparameter_may_be_called_like_a_column(tmp_path):
    trial = record(1, 0.9, values={"score": "hi", "epochs": 100})
    dataclasses.replace(make(), best=trial, trials=[trial]).write(tmp_path)
    with (tmp_path / "trials.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["score"], row["hp.score"]) == ("0.9", "hi")
    assert (row["epochs"], row["hp.epochs"]) == ("7.0", "100")
