"""Seconds from a command to its end: help, imports, and the first step of training.

    python -m benchmarks.start_up [--rounds 5] [--data mnist]

Each command is a process of its own, timed from its start to its end; they take turns. Warm: it ran
just before. Cold: it ran never, as far as a program can make that so: Python compiles all of its
modules anew (an empty `PYTHONPYCACHEPREFIX`), MNIST is decoded anew (an empty `DNN_TF_CACHE`), and
the system is asked to forget the files of the installed packages (`posix_fadvise`; what another
process has open stays).
"""

import argparse
import contextlib
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from benchmarks.spread import spread

REPOSITORY = Path(__file__).parents[1]

COLD_ROUNDS = 1


def commands(data: str) -> dict[str, list[str]]:
    """What is timed."""
    python = sys.executable
    return {
        "dnn-tf --help": [python, "-m", "dnn_tf", "--help"],
        "import dnn_tf": [python, "-c", "import dnn_tf"],
        "import tensorflow": [python, "-c", "import tensorflow"],
        "first step of training": [python, "-m", "benchmarks.first_step", data],
    }


def seconds_of(command: list[str], **variables: str) -> float:
    """From its start to its end."""
    began = time.perf_counter()
    subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, **variables}, check=True, capture_output=True
    )
    return time.perf_counter() - began


def cold_seconds_of(command: list[str]) -> float:
    """The same, after all that can be forgotten is forgotten."""
    with tempfile.TemporaryDirectory() as compiled, tempfile.TemporaryDirectory() as decoded:
        forget_packages()
        return seconds_of(command, PYTHONPYCACHEPREFIX=compiled, DNN_TF_CACHE=decoded)


def forget_packages() -> None:
    """Asks the system to drop the installed packages from its cache of files."""
    if not hasattr(os, "posix_fadvise"):
        return
    for root, _, files in os.walk(sysconfig.get_path("platlib")):
        for name in files:
            with contextlib.suppress(OSError):
                handle = os.open(Path(root, name), os.O_RDONLY)
                try:
                    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                finally:
                    os.close(handle)


def measure(rounds: int, data: str) -> dict[str, dict[str, list[float]]]:
    """`{command: {"cold": seconds, "warm": seconds}}`."""
    timed = commands(data)
    found = {
        name: {"cold": [cold_seconds_of(command) for _ in range(COLD_ROUNDS)], "warm": []}
        for name, command in timed.items()
    }
    for command in timed.values():
        seconds_of(command)
    for _ in range(rounds):
        for name, command in timed.items():
            found[name]["warm"].append(seconds_of(command))
    return found


def table(found: dict[str, dict[str, list[float]]]) -> list[str]:
    """Lines for a terminal."""
    lines = [f"{'':24} {'cold s':>8} {'warm s':>8} {'fastest':>8} {'slowest':>8}"]
    for name, times in found.items():
        warm, cold = spread(times["warm"]), spread(times["cold"]).median
        lines.append(
            f"{name:24} {cold:8.2f} {warm.median:8.2f} {warm.fastest:8.2f} {warm.slowest:8.2f}"
        )
    return lines


def main() -> None:
    """Times and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="warm starts of each command (5)")
    parser.add_argument("--data", default="mnist", help="mnist or mnist-sample (mnist)")
    options = parser.parse_args()
    print(*table(measure(options.rounds, options.data)), sep="\n")


if __name__ == "__main__":
    main()
