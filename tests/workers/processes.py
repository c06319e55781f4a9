"""Starts the processes of a job on this machine, and never waits for ever."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Ended:
    """How a process ended: its exit code, what it wrote, and seconds from start and from mark."""

    code: int
    out: str
    err: str
    seconds: float
    after_mark: float


def free_ports(n):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def tf_config(ports, index):
    cluster = {"worker": [f"127.0.0.1:{port}" for port in ports]}
    return json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})


def environment(**more):
    roads = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    quiet = {"PYTHONPATH": roads, "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return os.environ | quiet | more


def run_job(command, n=2, seconds=60.0, only=None, mark=None, ending=None, **more):
    """The command in each of the workers, or in those of `only`; `mark` is a file that one makes.

    Those that are alive after so many seconds, or when `ending` have ended, are killed: code -9.
    """
    ports = free_ports(n)
    started = {
        rank: subprocess.Popen(
            [sys.executable, *map(str, command)],
            env=environment(TF_CONFIG=tf_config(ports, rank), **more),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for rank in (range(n) if only is None else only)
    }  # fmt: skip
    ends, passed, marked = {}, 0.0, 0.0
    while len(ends) < (ending or len(started)) and passed < seconds:
        began = time.monotonic()
        for rank, process in started.items():
            if rank not in ends and process.poll() is not None:
                ends[rank] = passed
        if mark is not None and not marked and mark.exists():
            marked = passed
        time.sleep(0.05)
        passed += min(time.monotonic() - began, 0.2)  # where all stand still, no time passes
    for process in started.values():
        process.kill()
    outputs = {rank: process.communicate() for rank, process in started.items()}
    return {
        rank: Ended(
            process.returncode, *outputs[rank], ends.get(rank, passed),
            ends.get(rank, passed) - marked,
        )
        for rank, process in started.items()
    }  # fmt: skip
