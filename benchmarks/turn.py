"""A peer's end of the line to the driver: it waits for its turn, and tells what it took."""

import json
import sys
import time
from typing import IO, Any


class Turn:
    """JSON lines to the driver, words from it.

    A peer calls `ready` once, and then `wait` before and `tell` after every epoch; the clock runs
    in between. Where the trainer calls back, both are called at the end of an epoch, so that what
    a trainer does between two epochs is on the clock as well. While a peer waits, it is blocked on
    the pipe; how much its threads worked meanwhile is told with the next epoch.
    """

    def __init__(self, words: IO[str], answers: IO[str]):
        self._words = words
        self._answers = answers
        self._began = self._ended = time.perf_counter()
        self._cpu_began = self._cpu_ended = time.process_time()

    def say(self, **facts: Any) -> None:
        """One line to the driver."""
        self._answers.write(json.dumps(facts) + "\n")
        self._answers.flush()

    def listen(self) -> str:
        """One word from the driver; without a driver this process ends."""
        word = self._words.readline().strip()
        if word in ("", "stop"):
            sys.exit(0)
        return word

    def ready(self, form: str = "") -> None:
        """All is built but what the first epoch compiles. `form`: which of its forms was taken."""
        self.say(form=form)
        self._ended, self._cpu_ended = time.perf_counter(), time.process_time()

    def wait(self) -> None:
        """Sleeps until the driver asks for an epoch; starts the clock."""
        self.listen()
        self._began, self._cpu_began = time.perf_counter(), time.process_time()

    def tell(
        self, loss: float | None, accuracy: float | None, seconds: float | None = None
    ) -> None:
        """Stops the clock and answers. `seconds`: of one of many, where one is too short."""
        ended, cpu_ended = time.perf_counter(), time.process_time()
        self.say(
            seconds=ended - self._began if seconds is None else seconds,
            loss=loss,
            accuracy=accuracy,
            cpu=cpu_ended - self._cpu_began,
            idle=self._began - self._ended,
            idle_cpu=self._cpu_began - self._cpu_ended,
        )
        self._ended, self._cpu_ended = ended, cpu_ended


class Rehearsal(Turn):
    """A turn that nobody watches, of so many epochs: to try which form of a peer is the fastest."""

    def __init__(self, epochs: int = 2):
        self.epochs = epochs
        self.seconds: list[float] = []

    def ready(self, form: str = "") -> None:
        """Nothing to tell."""

    def wait(self) -> None:
        """Goes on, or ends the training."""
        if len(self.seconds) == self.epochs:
            raise RehearsalOver
        self._began = time.perf_counter()

    def tell(
        self, loss: float | None, accuracy: float | None, seconds: float | None = None
    ) -> None:
        """Notes the time."""
        del loss, accuracy
        self.seconds.append(time.perf_counter() - self._began if seconds is None else seconds)


class RehearsalOver(Exception):  # noqa: N818
    """Ends a rehearsal from wherever it is."""
