"""Searches killed at random moments, and taken up: no trial is lost, none is run twice.

`PYTHONPATH=tests python tests/soak/killed_searches.py [--kills 20] [--seed 0]`

Three searches in turn: one process, killed; two workers, of which one is killed; two workers, whose
chief or whose parent is killed. After each kill what is left of the search has to end, or to end
another trial, within 30 seconds. In the end every trial has been run, and those that had ended
before a kill are to the byte as they were.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TRIALS = 6
LONGEST = 30.0

SEARCH = f"""
import sys
import numpy as np
from dnn_tf import runs, tuning
from dnn_tf.data import Dataset, Split

rng = np.random.default_rng(0)
centres = rng.normal(size=(3, 6))
y = np.arange(600) % 3
x = (centres[y] + rng.normal(size=(600, 6))).astype("float32")
data = Dataset(Split(x[:400], y[:400]), Split(x[400:], y[400:]), class_names=("a", "b", "c"))

def space(hp):
    return runs.Settings(
        hidden=(hp.Int("units", 1, 40),), optimizer="adam", batch_size=10,
        learning_rate=hp.Float("learning_rate", 1e-3, 1e-1, sampling="log"),
    )

directory, workers = sys.argv[1], int(sys.argv[2]) or None
tuning.search(
    data, space, directory=directory, algorithm="random", trials={TRIALS}, epochs=150,
    patience=150, workers=workers, progress=False,
)
"""


class StuckError(AssertionError):
    """Nothing happened for too long."""


def finished(directory: Path) -> dict[str, bytes]:
    """The files of the trials that have ended."""
    found = {}
    for path in directory.glob("trials/trial_*/trial.json"):
        text = path.read_bytes()
        if b'"status": "COMPLETED"' in text:
            found[path.parent.name] = text
        assert b'"status": "FAILED"' not in text, text.decode()
    return found


def processes(directory: Path, kind: str = "") -> list[int]:
    """Of that search, of a kind: "chief", "worker", "search"; or all."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if str(directory) not in words:
            continue
        of = next((w.rpartition(".")[2] for w in words if w.startswith("dnn_tf.tuning.")), "search")
        if kind in ("", of):
            found.append(int(path.parent.name))
    return found


def until(condition: Callable[[], bool], what: str, seconds: float = LONGEST) -> float:
    """Waits; the seconds that it took."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise StuckError(f"{what}: not within {seconds} s")
        time.sleep(0.05)
    return time.monotonic() - began


def start(directory: Path, workers: int) -> "subprocess.Popen[bytes]":
    """The search, anew or going on."""
    with (directory.parent / "search.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", SEARCH, str(directory), str(workers)], stdout=log, stderr=log
        )


def kill(kind: str, directory: Path, search: "subprocess.Popen[bytes]", victim: int) -> float:
    """Kills a process; the seconds until the search went on, or had ended."""
    before = len(finished(directory))
    began = time.monotonic()
    os.kill(victim, signal.SIGKILL)
    if kind == "worker":
        until(
            lambda: len(finished(directory)) > before or search.poll() is not None,
            "another trial, after a worker was killed",
        )
    else:
        until(lambda: search.poll() is not None, f"the end, after the {kind} was killed")
        until(lambda: not processes(directory), "the end of all processes")
    return time.monotonic() - began


def run(kind: str, moments: random.Random, kills: int, folder: Path) -> int:
    """One search to its end, with at most so many kills; how many there were."""
    directory, done = folder / "search", 0
    kept: dict[str, bytes] = {}
    workers = 0 if kind == "search" else 2
    search = start(directory, workers)
    while done < kills:
        enough = moments.randrange(TRIALS)
        while len(finished(directory)) < enough and search.poll() is None:
            time.sleep(0.05)
        time.sleep(moments.uniform(0, 3))
        victims = processes(directory, "search" if kind == "parent" else kind)
        if not victims or search.poll() is not None:
            break
        before = finished(directory)
        assert kept.items() <= before.items(), "a trial that had ended has changed"
        kept = before
        seconds = kill(kind, directory, search, moments.choice(victims))
        done += 1
        print(f"{kind} killed with {len(kept)} trials ended: {seconds:.1f} s", flush=True)
        if kind != "worker":
            assert search.returncode != 0
            search = start(directory, workers)
    assert search.wait(300) == 0, (folder / "search.log").read_text()
    ended = finished(directory)
    assert kept.items() <= ended.items(), "a trial that had ended has changed"
    assert len(ended) == TRIALS, sorted(ended)
    assert (directory / "result.json").is_file()
    assert not processes(directory)
    return done


def main() -> None:
    """Kills until there were enough."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=("search", "worker", "chief", "parent"))
    options = parser.parse_args()
    moments = random.Random(options.seed)
    done = 0
    kinds = [options.kind] if options.kind else ["search", "worker", "chief", "parent"]
    number = 0
    while done < options.kills:
        with tempfile.TemporaryDirectory() as folder:
            kind = kinds[number % len(kinds)]
            done += run(kind, moments, min(2, options.kills - done), Path(folder))
            number += 1
    print(f"{done} kills, every trial run, none twice")


if __name__ == "__main__":
    main()
