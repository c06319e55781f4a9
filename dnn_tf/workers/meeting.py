"""Before TensorFlow, which would wait for ever: whether all workers are there, and of one mind.

The chief listens at its own address of TF_CONFIG and the others call it there. When all are there
it stops listening, so that TensorFlow can; the connections stay, and carry what the workers tell
each other. So no port is used that TF_CONFIG does not name. (A port that was listened at with
SO_REUSEADDR, as gRPC does too, may be listened at again while connections through it are open.)
"""

import contextlib
import socket
import time
from typing import Any

from dnn_tf.types import InputError, PeerError
from dnn_tf.workers.channel import Channel
from dnn_tf.workers.cluster import Cluster

_PAUSE = 0.2
_HELLO = 3.0
"""Seconds in which somebody who calls has to say who it is."""


def meet(cluster: Cluster, job: dict[str, Any], seconds: float) -> dict[int, Channel]:
    """Waits until all workers are there, and have the same in mind.

    Args:
        cluster: of two workers or more.
        job: what must be the same on all of them: plain values by what they are called.
        seconds: to wait at most.

    Returns:
        The chief's channels to the others, by their numbers; of another worker that to the chief.

    Raises:
        InputError: the port of this worker is in use on this machine.
        PeerError: workers are missing, or have another job in mind; all that came are told.
    """
    deadline = time.monotonic() + seconds
    if cluster.is_chief:
        return _Reception(cluster, job, seconds).receive_all(deadline)
    _listening(cluster, deadline).close()  # so that it is known now that TensorFlow can
    return {0: _call_chief(cluster, job, seconds, deadline)}


def _listening(cluster: Cluster, deadline: float) -> socket.socket:
    """A socket at the port of this worker; what a job before it left may take a moment to go."""
    port = cluster.host_and_port(cluster.rank)[1]
    while True:
        try:
            return socket.create_server(("", port))
        except OSError as error:
            if time.monotonic() > deadline - _PAUSE:
                raise InputError(
                    f"{cluster.describe(cluster.rank)} cannot listen at port {port} of this "
                    f"machine ({error.strerror}): end the process that does, or give another port "
                    "in TF_CONFIG"
                ) from error
            time.sleep(_PAUSE)


class _Reception:
    """The chief waits for the others."""

    def __init__(self, cluster: Cluster, job: dict[str, Any], seconds: float):
        self._cluster, self._job, self._seconds = cluster, job, seconds
        self._come: dict[int, Channel] = {}

    def receive_all(self, deadline: float) -> dict[int, Channel]:
        try:
            with _listening(self._cluster, deadline) as listening:
                while missing := self._missing():
                    left = deadline - time.monotonic()
                    if left <= 0:
                        raise PeerError(_late(self._cluster, missing, self._seconds))
                    listening.settimeout(min(left, 1.0))
                    with contextlib.suppress(TimeoutError):
                        self._receive(listening.accept()[0], deadline)
            for channel in self._come.values():
                channel.send("go")
                channel.patience(None)
        except BaseException as error:
            for channel in self._come.values():
                with contextlib.suppress(OSError):
                    channel.send("no", str(error) or type(error).__name__)
                channel.close()
            raise
        return self._come

    def _missing(self) -> list[int]:
        for rank in [rank for rank, channel in self._come.items() if not channel.is_open()]:
            self._come.pop(rank).close()  # it was ended, and may be started again
        return [rank for rank in range(1, len(self._cluster.names)) if rank not in self._come]

    def _receive(self, connection: socket.socket, deadline: float) -> None:
        channel = Channel(connection)
        channel.patience(_HELLO)
        try:
            kind, value, _ = channel.receive()
            rank, job = value
        except (OSError, EOFError, ValueError, TypeError):
            channel.close()  # nobody of this job
            return
        if kind != "hello" or rank not in range(1, len(self._cluster.names)):
            channel.close()
            return
        before, self._come[rank] = self._come.get(rank), channel
        if before is not None and before.is_open():
            self._come[-1] = before  # is told too
            raise PeerError(
                f"two processes say that they are {self._cluster.describe(rank)}: give each the "
                "index of its own address in TF_CONFIG"
            )
        if differing := [word for word in self._job if job.get(word) != self._job[word]]:
            theirs = ", ".join(f"{word} {job.get(word)!r}" for word in differing)
            ours = ", ".join(f"{word} {self._job[word]!r}" for word in differing)
            raise PeerError(
                f"{self._cluster.describe(rank)} has {theirs}, and the chief {ours}: start all "
                "workers alike"
            )
        channel.send("wait", max(deadline - time.monotonic(), 0.0))


def _late(cluster: Cluster, missing: list[int], seconds: float) -> str:
    names = " and ".join(cluster.describe(rank) for rank in missing)
    return (
        f"{names} did not come within {seconds:g} s: start all workers with the same cluster in "
        "TF_CONFIG, see that they reach the chief at "
        f"{cluster.addresses[0]}, or give them more seconds"
    )


def _call_chief(cluster: Cluster, job: dict[str, Any], seconds: float, deadline: float) -> Channel:
    """Calls until somebody answers who is the chief of this job."""
    heard = "nobody answers there"
    while (left := deadline - time.monotonic()) > 0:
        channel = None
        try:
            address = cluster.host_and_port(0)
            channel = Channel(socket.create_connection(address, timeout=max(left, _PAUSE)))
            channel.send("hello", [cluster.rank, job])
            channel.patience(max(left, _PAUSE))
            kind, value, _ = channel.receive()
            if kind == "wait":  # the others have so long to come
                deadline = max(deadline, time.monotonic() + value)
                channel.patience(value + _HELLO)
                kind, value, _ = channel.receive()
            if kind == "go":
                channel.patience(None)
                return channel
            if kind == "no":
                channel.close()
                raise PeerError(value)
        except socket.gaierror as error:
            heard = str(error.strerror)
        except TimeoutError:
            heard = "it does not answer"
        except (OSError, EOFError):
            pass  # not there yet, or gone again
        except (ValueError, TypeError):
            heard = "somebody else answers there"
        if channel is not None:
            channel.close()
        time.sleep(_PAUSE)
    raise PeerError(
        f"{cluster.describe(0)}, the chief, was not reached within {seconds:g} s ({heard}): start "
        "it with the same cluster in TF_CONFIG, see that this machine reaches it, or give it more "
        "seconds"
    )
