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
from dnn_tf.tuning.chief import DEATHS
from dnn_tf.tuning.oracles import TRIALS
from dnn_tf.tuning.worker import DONE, RENEW

_PAUSE = 0.1

_SILENCE = 60.0
"""Seconds without a sign of life, after which a process counts as dead: one may be stopped."""

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
    team = _Team(directory, workers, lock)
    try:
        team.start()
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
        workers: how many, beside the chief.
        lock: see `run_with_workers`.
    """

    def __init__(self, directory: Path, workers: int, lock: int | None):
        self._directory, self._workers, self._lock = directory, workers, lock
        self._members: dict[str, _Member] = {}
        self._at_work: set[str] = set()
        self._heard: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._deaths = 0
        self._port = ""

    def start(self) -> None:
        """The chief, then everybody else."""
        (self._directory / TRIALS).mkdir(exist_ok=True)
        self._start("chief", "chief", {})
        while not self._port:
            self._check_chief()
            for message in self._messages():
                self._port = str(message["port"])
            time.sleep(_PAUSE)
        for number in range(self._workers):
            self._hire(f"tuner{number}")

    def is_at_work(self) -> bool:
        """Whether a worker has not come to the last trial yet."""
        return bool(self._at_work)

    def replace_the_dead(self) -> None:
        """Another worker for each that died or ran its share; raises where that is of no use."""
        self._check_chief()
        for name in sorted(self._at_work):
            member = self._members[name]
            status = member.status()
            if status is None:
                continue
            if status == DONE:
                self._at_work.remove(name)
                continue
            if status != RENEW:
                self._mourn(name, member)
            member.end()
            self._hire(name)

    def _mourn(self, name: str, member: "_Member") -> None:
        """Tells the chief; raises where more died than trials could have killed."""
        self._deaths += 1
        if self._deaths > self._workers * DEATHS:
            raise ProcessError(
                f"workers died {self._deaths} times with no trial ended, the last one "
                f"{member.how()}{member.last_words()}"
            )
        self._tell_chief(f"died {name} {member.how()}")

    def tell(self, on_end: Callable[[str], None]) -> None:
        """Passes on which trials have ended."""
        for message in self._messages():
            self._deaths = 0
            on_end(message["ended"])

    def dismiss_chief(self) -> None:
        """Lets the chief write what it has, and end."""
        self._members["chief"].dismiss()

    def end(self) -> None:
        """Nobody is left."""
        for member in self._members.values():
            member.process.kill()
        for member in self._members.values():
            member.end()

    def _hire(self, name: str) -> None:
        threads = str(max(1, cores() // self._workers))
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

    def _start(self, name: str, module: str, variables: dict[str, str]) -> None:
        """A process that ends when its stdin does, and hears no Ctrl-C of the terminal."""
        log = self._directory / TRIALS / f"{name}.log"
        with log.open("ab") as file:
            size = file.tell()
            process = subprocess.Popen(
                [sys.executable, "-m", f"dnn_tf.tuning.{module}", str(self._directory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                # all that can be imported here, and nothing else that lies in the working folder
                env=os.environ
                | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONSAFEPATH": "1"}
                | variables,
                pass_fds=[] if self._lock is None else [self._lock],
                start_new_session=True,
            )
        self._members[name] = _Member(process, log, size, self._heard)

    def _messages(self) -> Iterator[dict[str, Any]]:
        while not self._heard.empty():
            yield self._heard.get()

    def _check_chief(self) -> None:
        chief = self._members["chief"]
        if chief.status() is not None:
            raise ProcessError(
                f"the chief of the search {chief.how()}: the trials that ended are kept in "
                f"{self._directory}; the same call goes on{chief.last_words()}"
            )

    def _tell_chief(self, line: str) -> None:
        stdin = self._members["chief"].process.stdin
        assert stdin is not None
        try:
            stdin.write(f"{line}\n".encode())
            stdin.flush()
        except BrokenPipeError:
            self._check_chief()


class _Member:
    """A process, and what is heard of it.

    Args:
        process: with pipes to its stdin and stdout.
        log: where its stderr goes.
        size: of the log when it began.
        heard: for what it tells, but for its signs of life.
    """

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        log: Path,
        size: int,
        heard: "queue.SimpleQueue[dict[str, Any]]",
    ):
        self.process = process
        self._log, self._size, self._heard = log, size, heard
        self._last_sign = time.monotonic()
        self._silent = False
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._last_sign = time.monotonic()
            if message := json.loads(line):
                self._heard.put(message)

    def status(self) -> int | None:
        """`None` while it lives; what is silent for too long is killed."""
        status = self.process.poll()
        if status is None and time.monotonic() - self._last_sign > _SILENCE:
            self._silent = True
            self.process.kill()
            status = self.process.wait()
        return status

    def how(self) -> str:
        """How it ended."""
        if self._silent:
            return f"gave no sign of life for {_SILENCE:.0f} seconds and was killed"
        return _how(self.process.wait())

    def last_words(self) -> str:
        """The error that ended it, if it was one of Python's, and where the rest is."""
        with self._log.open(encoding="utf-8", errors="replace") as file:
            file.seek(self._size)
            _, traceback, frames = file.read().rpartition("Traceback (most recent call last):\n")
        said = [line for line in frames.splitlines() if not line.startswith(" ")]
        told = f"{said[0]}; more" if traceback and said else "more"
        return f" ({told} in {self._log})"

    def dismiss(self) -> None:
        """Ends its stdin, and waits until all is heard."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._listener.join()

    def end(self) -> None:
        """Of a process that was killed, or has ended."""
        self.process.wait()
        self._listener.join()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _how(status: int) -> str:
    """A process ended."""
    if status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"ended with exit code {status}"
