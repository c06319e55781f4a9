"""A chief and several workers, and who watches over them."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dnn_tf.training import cores
from dnn_tf.tuning.oracles import TRIALS
from dnn_tf.tuning.worker import RENEW

_LIVES = 5
"""So many times workers may die with no trial ended meanwhile: none can work here."""

_PAUSE = 0.1
_FAREWELL = 5.0
"""Seconds for a process to end by itself."""


class ProcessError(ChildProcessError):
    """A process without which a search cannot go on has died. The trials that ended are kept."""


def run_with_workers(
    directory: Path, workers: int, lock: int | None, on_end: Callable[[str], None]
) -> None:
    """Runs all trials of a search in processes of their own, on this machine.

    A worker that dies is replaced, and its trial run again. The cores are divided among them.

    Args:
        directory: of the search, with its identity and its job.
        workers: how many.
        lock: a handle that every process keeps open.
        on_end: called with the number of each trial that has ended.

    Raises:
        ProcessError: the chief died, or no worker can work.
    """
    team = _Team(directory, lock, max(1, cores() // workers))
    try:
        team.start(workers)
        while team.is_at_work():
            team.replace_the_dead()
            team.tell(on_end)
            time.sleep(_PAUSE)
        team.dismiss_chief()
        team.tell(on_end)
    finally:
        team.end()


class _Team:
    """The processes: none outlives `end`, nor this process.

    Args:
        directory: of the search; their output goes to `trials/NAME.log`.
        lock: see `run_with_workers`.
        threads: of each worker.
    """

    def __init__(self, directory: Path, lock: int | None, threads: int):
        self._directory, self._lock, self._threads = directory, lock, threads
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._at_work: set[str] = set()
        self._heard: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._deaths = 0
        self._port = ""

    def start(self, workers: int) -> None:
        """The chief, then everybody else."""
        (self._directory / TRIALS).mkdir(exist_ok=True)
        chief = self._start("chief", "chief", {}, stdout=subprocess.PIPE)
        self._listener = threading.Thread(target=self._listen, args=[chief.stdout], daemon=True)
        self._listener.start()
        while not self._port:
            self._check_chief()
            for message in self._messages():
                self._port = str(message["port"])
            time.sleep(_PAUSE)
        for number in range(workers):
            self._hire(f"tuner{number}")

    def is_at_work(self) -> bool:
        """Whether a worker has not come to the last trial yet."""
        return bool(self._at_work)

    def replace_the_dead(self) -> None:
        """Another worker for each that died or ran its share; raises where that is of no use."""
        self._check_chief()
        for name in sorted(self._at_work):
            status = self._processes[name].poll()
            if status is None:
                continue
            if status == 0:
                self._at_work.remove(name)
                continue
            if status != RENEW:
                self._mourn(name, _how(status))
            _close(self._processes[name])
            self._hire(name)

    def _mourn(self, name: str, how: str) -> None:
        """Tells the chief; raises where too many died."""
        self._deaths += 1
        if self._deaths > _LIVES:
            raise ProcessError(
                f"workers died {self._deaths} times with no trial ended, the last one "
                f"{how}{self._last_words(name)}"
            )
        self._tell_chief(f"died {name} {how}")

    def tell(self, on_end: Callable[[str], None]) -> None:
        """Passes on which trials have ended."""
        for message in self._messages():
            self._deaths = 0
            on_end(message["ended"])

    def dismiss_chief(self) -> None:
        """Lets the chief write what it has, and end."""
        chief = self._processes["chief"]
        assert chief.stdin is not None
        chief.stdin.close()
        try:
            chief.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            chief.kill()
        self._listener.join()

    def end(self) -> None:
        """Nobody is left."""
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait()
            _close(process)

    def _hire(self, name: str) -> None:
        threads = str(self._threads)
        variables = {
            "KERASTUNER_TUNER_ID": name,
            "KERASTUNER_ORACLE_IP": "127.0.0.1",
            "KERASTUNER_ORACLE_PORT": self._port,
            "TF_NUM_INTRAOP_THREADS": threads,
            "TF_NUM_INTEROP_THREADS": threads,
            "OMP_NUM_THREADS": threads,
        }
        self._start(name, "worker", variables)
        self._at_work.add(name)

    def _start(
        self, name: str, module: str, variables: dict[str, str], stdout: Any = None
    ) -> subprocess.Popen[bytes]:
        """A process that ends when its stdin does, and hears no Ctrl-C of the terminal."""
        with (self._directory / TRIALS / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"dnn_tf.tuning.{module}", str(self._directory)],
                stdin=subprocess.PIPE,
                stdout=stdout or log,
                stderr=log,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | variables,
                pass_fds=[] if self._lock is None else [self._lock],
                start_new_session=True,
            )
        self._processes[name] = process
        return process

    def _listen(self, stdout: Any) -> None:
        for line in stdout:
            self._heard.put(json.loads(line))

    def _messages(self) -> Iterator[dict[str, Any]]:
        while not self._heard.empty():
            yield self._heard.get()

    def _check_chief(self) -> None:
        status = self._processes["chief"].poll()
        if status is not None:
            raise ProcessError(
                f"the chief of the search {_how(status)}: the trials that ended are kept in "
                f"{self._directory}; the same call goes on{self._last_words('chief')}"
            )

    def _tell_chief(self, line: str) -> None:
        chief = self._processes["chief"]
        assert chief.stdin is not None
        try:
            chief.stdin.write(f"{line}\n".encode())
            chief.stdin.flush()
        except BrokenPipeError:
            self._check_chief()

    def _last_words(self, name: str) -> str:
        """Where its output is, and the last line of it."""
        log = self._directory / TRIALS / f"{name}.log"
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f" ({lines[-1]}; more in {log})" if lines else ""


def _close(process: "subprocess.Popen[bytes]") -> None:
    """The pipes to a process that has ended."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _how(status: int) -> str:
    """A process ended."""
    if status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"ended with exit code {status}"
