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
from collections.abc import Callable, Iterator
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

directory, workers = sys.argv[1], int(sys.argv[2])
tuning.search(
    data, space, directory=directory, algorithm="random", trials={TRIALS}, epochs=150,
    patience=150, workers=workers, progress=False,
)
"""


class Stuck(AssertionError):
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
            raise Stuck(f"{what}: not within {seconds} s")
        time.sleep(0.05)
    return time.monotonic() - began


def start(directory: Path, workers: int) -> "subprocess.Popen[bytes]":
    """The search, anew or going on."""
    with (directory.parent / "search.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", SEARCH, str(directory), str(workers)], stdout=log, stderr=log
        )


def run(kinds: Iterator[str], moments: random.Random, kills: int, folder: Path) -> int:
    """One search to its end, with at most so many kills; how many there were."""
    directory = folder / "search"
    kind, done, kept = next(kinds), 0, {}
    workers = 1 if kind == "search" else 2
    search = start(directory, workers)
    while search.poll() is None:
        time.sleep(moments.uniform(2, 16))
        target = {"parent": "search"}.get(kind, kind)
        victims = processes(directory, target)
        if done == kills or not victims or search.poll() is not None:
            until(lambda: search.poll() is not None, "a search that nobody kills", 300)
            break
        before = finished(directory)
        assert kept.items() <= before.items(), "a trial that had ended has changed"
        kept = before
        os.kill(moments.choice(victims), signal.SIGKILL)
        done += 1
        began = time.monotonic()
        if kind == "worker":
            until(
                lambda: len(finished(directory)) > len(kept) or search.poll() is not None,
                "another trial, after a worker was killed",
            )
        else:
            until(lambda: search.poll() is not None, f"the end, after the {kind} was killed")
            until(lambda: not processes(directory), "the end of all processes")
        print(
            f"kill {done} of the {kind} with {len(kept)} trials ended: "
            f"{time.monotonic() - began:.1f} s until it went on or had ended", flush=True
        )  # fmt: skip
        if kind != "worker":
            assert search.returncode != 0
            search = start(directory, workers)
    log = (folder / "search.log").read_text()
    assert search.returncode == 0, log
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
            done += run(iter([kind]), moments, min(2, options.kills - done), Path(folder))
            number += 1
    print(f"{done} kills, every trial run, none twice")


if __name__ == "__main__":
    main()
