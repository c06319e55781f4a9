"""The same work by every peer, in processes of their own that take turns: one race.

    python -m benchmarks.race dense-50 [--rounds 9] [--peers NAME ...] [--json FILE]

Each peer is a child process with its own interpreter. First all import what they need; then one
after the other takes the fastest of its settings, on a part of the work, and does one epoch for the
compiler. Then rounds: in each, every peer does one epoch while the others sleep on their pipes, and
the next round begins with another. Timed is the whole epoch as its user waits for it: all rows in a
new order, the steps, loss and accuracy on the way; no validation.
"""

import argparse
import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.data import rows_of, write_arrays, write_work
from benchmarks.peers import LIMIT, MODULES, NEEDS, OURS
from benchmarks.spread import spread
from benchmarks.works import NOISE, RACES, Work

REPOSITORY = Path(__file__).parents[1]

PATIENCE = 600.0
"""Seconds that a peer may take for one answer."""

Say = Callable[[str], None]


class PeerFailed(Exception):  # noqa: N818
    """A peer ended, or did not answer; the message has the last line of its log."""


class NotTheSameWork(Exception):  # noqa: N818
    """The loss of a peer says that it did something else."""


class Child:
    """The process of a peer.

    Args:
        name: of the peer.
        place: the folder of the work.
        python: its interpreter.
    """

    def __init__(self, name: str, place: Path, python: str):
        self.name = name
        self._log = place / f"{name.replace(' ', '-')}.log"
        quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
                 "TF_FORCE_GPU_ALLOW_GROWTH": "true"}  # fmt: skip
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [python, "-m", "benchmarks.child", name, str(place)], cwd=REPOSITORY,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                env={**os.environ, **quiet},
            )  # fmt: skip

    def ask(self, word: str) -> None:
        """Sends a word; `answer` reads what comes back."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(word + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise PeerFailed(self._why()) from None

    def answer(self) -> dict[str, Any]:
        """The next line of the peer."""
        assert self._process.stdout is not None
        alarm = threading.Timer(PATIENCE, self._process.kill)
        alarm.start()
        line = self._process.stdout.readline()
        alarm.cancel()
        if not line:
            raise PeerFailed(self._why())
        return json.loads(line)

    def epoch(self) -> dict[str, Any]:
        """One epoch of the peer."""
        self.ask("epoch")
        return self.answer()

    def end(self) -> None:
        """Ends it and waits until it is gone."""
        if self._process.poll() is None:
            try:
                self.ask("stop")
                self._process.wait(timeout=20)
            except (PeerFailed, subprocess.TimeoutExpired):
                self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):  # a word that nobody read
                    pipe.close()

    def _why(self) -> str:
        code = self._process.wait()
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else f"ended with code {code} and said nothing"


def missing_peers(names: Sequence[str], pythons: dict[str, str]) -> dict[str, str]:
    """Those whose library is not installed, and what to install."""
    return {
        name: f"{NEEDS[name]} is not installed: pip install 'dnn-tf[bench]'"
        for name in names
        if name in NEEDS and not _has(NEEDS[name], pythons.get(name, sys.executable))
    }


def _has(module: str, python: str) -> bool:
    if python == sys.executable:
        return importlib.util.find_spec(module) is not None
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"
    return subprocess.run([python, "-c", code], check=False).returncode == 0


def run_race(
    work: Work,
    folder: Path,
    rows: int,
    *,
    peers: Sequence[str] = tuple(MODULES),
    rounds: int = 9,
    pythons: dict[str, str] | None = None,
    say: Say = print,
) -> dict[str, Any]:
    """Runs it.

    Args:
        work: what to do.
        folder: where `write_arrays` wrote the data.
        rows: how many rows those are.
        peers: who takes part.
        rounds: timed epochs of each.
        pythons: interpreters of peers that have another.
        say: tells how it goes.

    Returns:
        What `results.json` keeps of it: for each peer the seconds, losses and accuracies.

    Raises:
        NotTheSameWork: the loss of a peer is off.
    """
    pythons = pythons or {}
    absent = missing_peers(peers, pythons)
    place = write_work(folder, work)
    children = {
        name: Child(name, place, pythons.get(name, sys.executable))
        for name in peers
        if name not in absent
    }
    found: dict[str, dict[str, Any]] = {}
    failed: dict[str, str] = {}
    try:
        for name, child in children.items():
            _or_note(failed, name, lambda c=child, n=name: found.update({n: c.answer()}))
        for name, child in children.items():
            if name not in failed:
                _or_note(failed, name, lambda c=child, n=name: _warm_up(c, found[n], say))
        there = [name for name in children if name not in failed]
        check_losses(work, {name: found[name]["first"] for name in there})
        for number in range(rounds):
            turn = number % max(len(there), 1)
            for name in (*there[turn:], *there[:turn]):
                if name not in failed:
                    _or_note(failed, name, lambda n=name: _note(found[n], children[n].epoch()))
    finally:
        for child in children.values():
            child.end()
    for name, why in {**absent, **failed}.items():
        say(f"  {name}: {why}")
    taken = rows_of(work, rows)
    return {
        "work": work.as_dict(),
        "rows": taken,
        "flops": work.flops(taken),
        "peers": {name: found[name] for name in children if name not in failed},
        "left_out": {**absent, **failed},
    }


def _or_note(failed: dict[str, str], name: str, act: Callable[[], None]) -> None:
    try:
        act()
    except PeerFailed as failure:
        why = str(failure)
        failed[name] = why.removeprefix("benchmarks.not_expressible.NotExpressible: ")


def _warm_up(child: Child, facts: dict[str, Any], say: Say) -> None:
    """Lets it choose its settings and compile; the first epoch is not timed."""
    child.ask("prepare")
    facts |= child.answer()
    facts["first"] = child.epoch()
    facts |= {"seconds": [], "losses": [], "accuracies": [], "idle": [], "idle_cpu": []}
    say(f"  {child.name}: {facts['form']}; first epoch {facts['first']['seconds']:.2f} s")


def _note(facts: dict[str, Any], epoch: dict[str, Any]) -> None:
    facts["seconds"].append(epoch["seconds"])
    facts["losses"].append(epoch["loss"])
    facts["accuracies"].append(epoch["accuracy"])
    facts["idle"].append(epoch["idle"])
    facts["idle_cpu"].append(epoch["idle_cpu"])


def check_losses(work: Work, first: dict[str, dict[str, Any]]) -> None:
    """All started from the same weights: after an epoch they are about as far.

    Raises:
        NotTheSameWork: one is off the median by more than `Work.tolerance`. Where the work is to
            predict, the accuracies are compared.
    """
    word = "loss" if work.task == "train" else "accuracy"
    told = {name: epoch[word] for name, epoch in first.items() if epoch[word] is not None}
    if not told:
        return
    middle = spread(list(told.values())).median
    for name, value in told.items():
        if not abs(value - middle) <= work.tolerance * middle:
            raise NotTheSameWork(
                f"{work.name}: the {word} of {name} is {value:.4f} after the first epoch, and the "
                f"median of all {middle:.4f}: it does not do the same work"
            )


def idle_share(facts: dict[str, Any]) -> float:
    """Which part of one core a peer took while it was another's turn."""
    return sum(facts["idle_cpu"]) / max(sum(facts["idle"]), 1e-9)


def table(race: dict[str, Any]) -> list[str]:
    """Lines for a terminal."""
    peers = race["peers"]
    lines = [f"{'':18} {'median s':>9} {'fastest':>9} {'slowest':>9} {'to dnn_tf':>9} {'idle':>6}"]
    ours = spread(peers[OURS]["seconds"]).median if OURS in peers else None
    for name, facts in peers.items():
        times = spread(facts["seconds"])
        if name == LIMIT:
            lines.append(f"{name:18} {1 / times.median:9.1f} GFLOP/s")
            continue
        ratio = f"{times.median / ours:8.2f}x" if ours else ""
        lines.append(
            f"{name:18} {times.median:9.4g} {times.fastest:9.4g} {times.slowest:9.4g} "
            f"{ratio:>9} {idle_share(facts):6.1%}"
        )
    return lines


def load_arrays(folder: Path, source: str) -> tuple[int, str]:
    """Writes the training images of a source for the peers: how many, and where from."""
    import dnn_tf

    data = dnn_tf.data.load(source)
    write_arrays(folder, data.train.x, data.train.y)
    return len(data.train), data.source


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those that the whole suite has, too."""
    parser.add_argument("--rounds", type=int, default=9, help="timed epochs of each peer (9)")
    parser.add_argument("--data", default="mnist", help="mnist or mnist-sample (mnist)")
    parser.add_argument("--peers", nargs="+", metavar="NAME", help=f"of {', '.join(MODULES)} (all)")
    parser.add_argument(
        "--python-peers", metavar="FILE", default=os.environ.get("BENCH_PYTHON_PEERS"),
        help="an interpreter that has PyTorch, JAX and scikit-learn, if this one has not",
    )  # fmt: skip
    parser.add_argument("--device", choices=("cpu", "gpu"), help="cpu: hides the GPU from all")


def interpreters(options: argparse.Namespace) -> dict[str, str]:
    """Of the peers that have another than this one. `--device cpu` is set for all that follows."""
    if options.device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
        os.environ["JAX_PLATFORMS"] = "cpu"
    return dict.fromkeys(NEEDS, options.python_peers) if options.python_peers else {}


def main() -> None:
    """One race, or more."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    works = {**RACES, **{work.name: work for work in NOISE.values()}}
    parser.add_argument("works", nargs="+", choices=works, metavar="WORK", help=", ".join(works))
    parser.add_argument("--json", type=Path, help="write what was measured there")
    add_options(parser)
    options = parser.parse_args()
    pythons = interpreters(options)
    races = {}
    with tempfile.TemporaryDirectory() as folder:
        rows, source = load_arrays(Path(folder), options.data)
        for name in options.works:
            work = works[name]
            print(f"{work.title} ({rows_of(work, rows)} images of {source})", flush=True)
            races[name] = run_race(
                work, Path(folder), rows, peers=options.peers or tuple(MODULES),
                rounds=options.rounds, pythons=pythons,
            )  # fmt: skip
            print(*table(races[name]), sep="\n", flush=True)
    if options.json:
        options.json.write_text(json.dumps(races, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
