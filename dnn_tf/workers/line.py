"""The workers of a cluster, in touch with each other: the chief with each of the others.

Each sends a sign of life every second. A connection that breaks, or is silent for some seconds, is
a worker lost: then nothing can go on, for TensorFlow cannot replace a worker. What TensorFlow does
at the moment is aborted; a process that hangs in it all the same is ended.
"""

import atexit
import contextlib
import faulthandler
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

from dnn_tf.types import PeerError
from dnn_tf.workers.channel import Arrays, Channel
from dnn_tf.workers.cluster import Cluster
from dnn_tf.workers.team import Team, Where, is_joint

BEAT = 1.0
"""Seconds between two signs of life."""

SILENCE = 5.0
"""So many seconds without one, and a worker is lost."""

GRACE = 2.5
"""Seconds in which the aborted work of TensorFlow comes back; then the process is ended."""


class Line(Team):
    """A team of several workers.

    Args:
        cluster: of them.
        channels: see `meeting.meet`.
        abort: ends what TensorFlow does together with others.
    """

    def __init__(
        self, cluster: Cluster, channels: dict[int, Channel], abort: Callable[[str], None]
    ):
        self.size, self.rank = len(cluster.names), cluster.rank
        self._cluster, self._channels, self._abort = cluster, channels, abort
        self._queues: dict[int, queue.Queue[Any]] = {rank: queue.Queue() for rank in channels}
        self._heard = dict.fromkeys(channels, time.monotonic())
        self._left: set[int] = set()
        self._lost: str | None = None
        self._losing = threading.Lock()
        self._known = threading.Event()
        self._works: list[Where] = []
        self._closed = False
        for rank in channels:
            threading.Thread(target=self._listen, args=(rank,), daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()
        atexit.register(self.close)

    def chiefs(self, value: Any, what: str = "a value") -> Any:
        """See `Team`."""
        return self.chiefs_arrays(value, {}, what)[0]

    def chiefs_arrays(self, value: Any, arrays: Arrays, what: str = "arrays") -> tuple[Any, Arrays]:
        """See `Team`."""
        if not self.is_chief:
            return self._take(0, what)
        for rank in self._channels:
            self._give(rank, what, value, arrays)
        return value, arrays

    def gathered(self, value: Any, what: str = "a value") -> list[Any]:
        """See `Team`."""
        if not self.is_chief:
            self._give(0, what, value)
            return self._take(0, what)[0]
        values = [value, *(self._take(rank, what)[0] for rank in sorted(self._channels))]
        for rank in self._channels:
            self._give(rank, what, values)
        return values

    @contextmanager
    def at_work(self, where: Where = str) -> Iterator[None]:
        """See `Team`."""
        self._works.append(where)
        try:
            if self._lost is not None:
                raise self._error()
            yield
        except tf.errors.OpError as error:
            if self._known.wait(SILENCE + BEAT):  # TensorFlow may have noticed first
                raise self._error() from error
            self._fail(error)
            raise
        except BaseException as error:
            self._fail(error)
            raise
        finally:
            self._works.pop()

    def close(self) -> None:
        """Says goodbye; the others go on, as long as they need nothing from this worker."""
        if self._closed:
            return
        self._closed = True
        if self._lost is not None:
            # TensorFlow waits for the lost worker as it is taken down, deaf to signals.
            faulthandler.dump_traceback_later(GRACE, exit=True, file=_nowhere())
        for channel in self._channels.values():
            with contextlib.suppress(OSError):
                channel.send("bye")

    def _give(self, rank: int, what: str, value: Any, arrays: Arrays | None = None) -> None:
        try:
            self._channels[rank].send("say", [what, value], arrays)
        except OSError:
            self._lose(rank, "its connection broke")
        if self._lost is not None:
            raise self._error()

    def _take(self, rank: int, what: str) -> tuple[Any, Arrays]:
        found = self._queues[rank].get()
        if found is None:
            self._queues[rank].put(None)  # for the next one who asks
            raise self._error()
        (theirs, value), arrays = found
        if theirs != what:
            self._lose(rank, f"it is at {theirs!r} where this worker is at {what!r}")
            raise self._error()
        return value, arrays

    def _listen(self, rank: int) -> None:
        """A thread for each channel."""

        def heard() -> None:
            self._heard[rank] = time.monotonic()

        try:
            while True:
                kind, value, arrays = self._channels[rank].receive(heard)
                if kind == "say":
                    self._queues[rank].put((value, arrays))
                elif kind == "bye":
                    self._left.add(rank)
                    self._queues[rank].put(None)
                    return
                elif kind == "lost":
                    self._lose(None, value)
                    return
        except (OSError, EOFError):
            self._lose(rank, "its connection broke")
        except Exception as error:  # whatever a damaged message leads to
            self._lose(rank, f"it sent what cannot be read ({error})")

    def _watch(self) -> None:
        """A thread that gives signs of life, and misses those of others."""
        looked = time.monotonic()
        while self._lost is None and not self._closed:
            before, looked = looked, time.monotonic()
            if looked - before > BEAT + SILENCE / 2:  # it was this process that stood still
                self._heard = dict.fromkeys(self._channels, looked)
            for rank, channel in self._channels.items():
                if rank in self._left:
                    continue
                with contextlib.suppress(OSError):  # the listener sees it too
                    channel.ping()
                if time.monotonic() - self._heard[rank] > SILENCE:
                    self._lose(rank, f"it gave no sign of life for {SILENCE:g} s")
            time.sleep(BEAT)

    def _fail(self, error: BaseException) -> None:
        """Tells the others why this worker cannot go on."""
        if self._lost is not None or is_joint(error):
            return
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        for channel in self._channels.values():
            with contextlib.suppress(OSError):
                me = self._cluster.describe(self.rank)
                channel.send("lost", f"{me} ended: {reason.splitlines()[0]}")

    def _lose(self, rank: int | None, how: str) -> None:
        """The first loss counts; those that follow are of workers that it has ended."""
        with self._losing:
            if self._lost is not None or self._closed:
                return
            self._lost = how if rank is None else f"{self._cluster.describe(rank)} is lost: {how}"
        threading.Thread(target=self._end, daemon=True).start()
        if rank is not None:
            self._channels[rank].close()  # or whoever sends to it might wait for ever
        for other, channel in self._channels.items():
            if other != rank:
                with contextlib.suppress(OSError):
                    channel.send("lost", self._lost)

    def _end(self) -> None:
        """Ends the work of TensorFlow; where that hangs, the process."""
        assert self._lost is not None
        self._known.set()
        for waiting in self._queues.values():
            waiting.put(None)
        with contextlib.suppress(Exception):
            self._abort(self._lost)
        time.sleep(GRACE)
        if self._works:  # else nothing needs the others; the next fit is told
            sys.stderr.write(f"dnn-tf: error: {self._error()}\n")
            sys.stderr.flush()
            os._exit(1)

    def _error(self) -> PeerError:
        reason = self._lost or f"{' and '.join(map(self._cluster.describe, self._left))} has left"
        where = "".join(f"{tell()}; " for tell in self._works[-1:] if tell())
        return PeerError(f"{reason}; {where}start all workers again")


def _nowhere() -> Any:
    return open(os.devnull, "w")  # noqa: PTH123  (stays open until the end)
