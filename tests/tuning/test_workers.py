"""Processes that share the trials. Some tests start them; random kills are in `tests/soak`."""

import contextlib
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


def children(directory):
    """Processes of that search."""
    left = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has just ended
            if str(directory) in file.read_text():
                left.append(file.parent.name)
    return left


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
    assert not children(tmp_path)


def test_a_dead_chief_ends_it_with_a_clear_error(classes, space, tmp_path, monkeypatch):
    hire = workers._Team._hire

    def hire_and_kill(team, name):
        hire(team, name)
        if name == "tuner1":
            team._members["chief"].process.kill()

    monkeypatch.setattr(workers._Team, "_hire", hire_and_kill)
    with pytest.raises(ProcessError, match=r"the chief of the search was killed by SIGKILL: .* on"):
        run(classes, space, tmp_path, algorithm="random", workers=2)
    assert not children(tmp_path)


def test_workers_that_cannot_work_end_it_too(classes, space, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "DEATHS", 1)
    start = workers._Team._start

    def start_nobody(team, name, module, variables):
        start(team, name, "identity.nobody" if module == "worker" else module, variables)

    monkeypatch.setattr(workers._Team, "_start", start_nobody)
    with pytest.raises(ProcessError, match=r"workers died 2 times .* ended with exit code 1 "):
        run(classes, space, tmp_path, workers=1, algorithm="random")
    assert not children(tmp_path)


KILL = "import os; os.kill(os.getpid(), 9)"


class TestTeam:
    """Without any process but one that does as it is told."""

    @pytest.fixture
    def team(self, tmp_path, monkeypatch):
        team = workers._Team(tmp_path, 2, None)
        team.told, team.hired = [], []
        monkeypatch.setattr(team, "_check_chief", lambda: None)
        monkeypatch.setattr(team, "_tell_chief", team.told.append)
        monkeypatch.setattr(team, "_hire", team.hired.append)
        team._at_work.add("tuner0")
        return team

    def employ(self, team, code, log):
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        log.touch()
        team._members["tuner0"] = workers._Member(process, log, 0, team._heard)
        return team._members["tuner0"]

    @pytest.mark.parametrize(
        ("code", "told", "hired"),
        [
            (f"exit({worker.RENEW})", [], ["tuner0"]),
            (f"exit({worker.DONE})", [], []),
            ("exit(0)", ["died tuner0 ended with exit code 0"], ["tuner0"]),
            (
                "import os; os.kill(os.getpid(), 9)",
                ["died tuner0 was killed by SIGKILL"],
                ["tuner0"],
            ),
        ],
    )
    def test_only_who_says_so_is_done(self, code, told, hired, team, tmp_path):
        self.employ(team, code, tmp_path / "log").process.wait()
        team.replace_the_dead()
        assert (team.told, team.hired) == (told, hired)
        assert team.is_at_work() == bool(hired)
        team.end()

    def test_who_lives_is_let_be_and_who_is_silent_is_not(self, team, tmp_path, monkeypatch):
        self.employ(team, "import time; time.sleep(600)", tmp_path / "log")
        team.replace_the_dead()
        assert team.hired == []
        monkeypatch.setattr(workers, "_SILENCE", 0.0)
        team.replace_the_dead()
        assert team.hired == ["tuner0"]
        assert team.told == ["died tuner0 gave no sign of life for 0 seconds and was killed"]
        team.end()

    def test_a_sign_of_life_is_heard(self, team, tmp_path):
        member = self.employ(team, "print('{}'); print('{\"ended\": \"1\"}')", tmp_path / "log")
        member._last_sign = 0.0
        member.end()
        assert member._last_sign > 0
        ended: list = []
        team.tell(ended.append)
        assert ended == ["1"]

    def test_deaths_count_until_a_trial_ends(self, team, tmp_path):
        """Two workers, three deaths at a trial each: six may go by, and the seventh may not."""
        member = self.employ(team, "exit(1)", tmp_path / "log")
        member.process.wait()
        for _ in range(6):
            team.replace_the_dead()
        team._heard.put({"ended": "1"})
        team.tell(lambda _: None)
        for _ in range(6):
            team.replace_the_dead()
        with pytest.raises(ProcessError, match="workers died 7 times with no trial ended"):
            team.replace_the_dead()
        member.end()

    def test_the_last_words_are_those_of_the_error(self, team, tmp_path):
        log = tmp_path / "log"
        log.write_text("Traceback (most recent call last):\n  old\nOldError: long ago\n")
        size = log.stat().st_size
        member = self.employ(team, "", log)
        member._size = size
        assert member.last_words() == f" (more in {log})"
        with log.open("a") as file:
            file.write(
                "I0000 no cuda\nTraceback (most recent call last):\n  here\nNewError: now\nI0000"
            )
        assert member.last_words() == f" (NewError: now; more in {log})"
        member.end()


@pytest.mark.parametrize(("n", "threads"), [(1, "7"), (2, "3"), (3, "2"), (20, "1")])
def test_the_cores_are_divided(n, threads, tmp_path, monkeypatch):
    started = {}
    monkeypatch.setattr(workers, "cores", lambda: 7)
    team = workers._Team(tmp_path, n, None)
    monkeypatch.setattr(
        team, "_start", lambda name, _, variables: started.update({name: variables})
    )
    team._hire("tuner0")
    assert started["tuner0"]["TF_NUM_INTRAOP_THREADS"] == threads
    assert started["tuner0"]["KERASTUNER_TUNER_ID"] == "tuner0"
