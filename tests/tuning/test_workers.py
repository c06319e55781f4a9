"""Processes that share the trials. Some tests start them; random kills are in `tests/soak`."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dnn_tf import tuning
from dnn_tf.runs import Settings
from dnn_tf.tuning import worker, workers
from dnn_tf.tuning.workers import ProcessError


def run(data, space, directory, **words):
    given = {"algorithm": "grid", "trials": 4, "epochs": 2, "patience": 3, "progress": False}
    return tuning.search(data, space, directory=directory, **given | words)


def children():
    """Of this process, that live."""
    found = Path(f"/proc/self/task/{os.getpid()}/children")
    return found.read_text().split() if found.exists() else []


def test_two_workers_come_to_what_one_process_does(classes, tmp_path, uncompiled):
    """And a trial at which three workers died has failed, and the others are run."""

    def space(hp):
        units = hp.Choice("units", [1, 2, 3, 4])
        rate = hp.Choice("rate", [0.05])
        if units == 3 and "KERASTUNER_TUNER_ID" in os.environ:
            os.kill(os.getpid(), signal.SIGKILL)
        return Settings(hidden=(units,), optimizer="adam", learning_rate=rate, batch_size=10)

    alone = run(classes, space, tmp_path / "alone")
    told: list = []
    together = run(classes, space, tmp_path / "together", workers=2, report=told.append)
    assert sorted(one.number for one in told) == [0, 1, 2, 3]
    *completed, failed = together.trials
    assert (failed.values["units"], failed.status) == (3, "failed")
    assert failed.message == "its process died 3 times, the last time was killed by SIGKILL"
    expected = [one for one in alone.trials if one.values["units"] != 3]
    assert [one.values for one in completed] == [one.values for one in expected]
    for one, other in zip(completed, expected, strict=True):
        assert one.score == pytest.approx(other.score, abs=1e-6)
    assert together.measured["validation_accuracy"] == pytest.approx(together.best.score, abs=1e-6)
    assert not (tmp_path / "together" / "job").exists()
    assert not children()


def test_a_dead_chief_ends_it_with_a_clear_error(classes, space, tmp_path, monkeypatch):
    start = workers._Team._start

    def start_and_kill(team, name, *arguments, **words):
        process = start(team, name, *arguments, **words)
        if name == "tuner1":
            os.kill(team._processes["chief"].pid, signal.SIGKILL)
        return process

    monkeypatch.setattr(workers._Team, "_start", start_and_kill)
    with pytest.raises(ProcessError, match=r"the chief of the search was killed by SIGKILL: .* on"):
        run(classes, space, tmp_path, algorithm="random", workers=2)
    assert not children()


def test_workers_that_cannot_work_end_it_too(classes, space, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "_LIVES", 1)
    start = workers._Team._start

    def start_without_python(team, name, module, *arguments, **words):
        return start(team, name, "nobody" if module == "worker" else module, *arguments, **words)

    monkeypatch.setattr(workers._Team, "_start", start_without_python)
    with pytest.raises(ProcessError, match=r"workers died 2 times .* No module named .*\.log\)"):
        run(classes, space, tmp_path, workers=2, algorithm="random")
    assert not children()


@pytest.mark.parametrize(
    ("status", "told", "hired"),
    [
        (worker.RENEW, [], ["tuner0"]),
        (-9, ["died tuner0 was killed by SIGKILL"], ["tuner0"]),
        (0, [], []),
        (None, [], []),
    ],
)
def test_who_has_run_its_share_is_replaced_and_not_mourned(
    status, told, hired, tmp_path, monkeypatch
):
    team = workers._Team(tmp_path, None, 1)
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    monkeypatch.setattr(process, "poll", lambda: status)
    team._processes["tuner0"] = process
    team._at_work.add("tuner0")
    heard, asked = [], []
    monkeypatch.setattr(team, "_check_chief", lambda: None)
    monkeypatch.setattr(team, "_tell_chief", heard.append)
    monkeypatch.setattr(team, "_hire", asked.append)
    team.replace_the_dead()
    assert (heard, asked) == (told, hired)
    assert team.is_at_work() == (status != 0)


@pytest.mark.parametrize(
    ("status", "expected"), [(-9, "was killed by SIGKILL"), (3, "ended with exit code 3")]
)
def test_how_a_process_ended(status, expected):
    assert workers._how(status) == expected


@pytest.mark.parametrize(("n", "threads"), [(1, "7"), (2, "3"), (3, "2"), (20, "1")])
def test_the_cores_are_divided(n, threads, tmp_path, monkeypatch):
    started = {}
    monkeypatch.setattr(workers, "cores", lambda: 7)

    def start(team, name, module, variables, **words):
        started[name] = variables
        raise InterruptedError

    monkeypatch.setattr(workers._Team, "start", lambda team, n: team._hire("tuner0"))
    monkeypatch.setattr(workers._Team, "_start", start)
    with pytest.raises(InterruptedError):
        workers.run_with_workers(tmp_path, n, None, print)
    assert started["tuner0"]["TF_NUM_INTRAOP_THREADS"] == threads
    assert started["tuner0"]["KERASTUNER_TUNER_ID"] == "tuner0"
