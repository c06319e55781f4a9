"""Whole messages over a connection."""

import contextlib
import io
import json
import select
import socket
import struct
import threading
from typing import Any

import numpy as np

MAGIC = b"dnn_tf-1"
_HEAD = struct.Struct("!8sIQ")  # the magic, the bytes of JSON, the bytes of arrays
_MOST_JSON = 2**26

Arrays = dict[str, Any]
"""NumPy's, by name."""


class Channel:
    """Sends and receives messages: a kind, a plain value, and arrays by name.

    Nothing that arrives is run: a message is JSON, and arrays as NumPy writes them without pickle.
    """

    def __init__(self, connection: socket.socket):
        self._connection = connection
        self._sending = threading.Lock()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, kind: str, value: Any = None, arrays: Arrays | None = None) -> None:
        """Waits until it is handed over to the system.

        Raises:
            OSError: the connection is broken.
        """
        text = json.dumps([kind, value]).encode()
        packed = _packed(arrays)
        with self._sending:
            self._connection.sendall(_HEAD.pack(MAGIC, len(text), len(packed)) + text)
            if packed:
                self._connection.sendall(packed)

    def fileno(self) -> int:
        """What the system knows the connection by."""
        return self._connection.fileno()

    def ping(self) -> None:
        """A sign of life, unless a message is on its way, which is one too."""
        if self._sending.acquire(blocking=False):
            try:
                self._connection.sendall(_HEAD.pack(MAGIC, 0, 0))
            finally:
                self._sending.release()

    def receive(self, heard: Any = None) -> tuple[str, Any, Arrays]:
        """Waits for the next message; that of a ping is `("ping", None, {})`.

        Args:
            heard: a function that is called whenever something arrives.

        Raises:
            OSError: the connection is broken or silent for too long.
            EOFError: the other side has closed it.
            ValueError: what arrives is no message.
        """
        magic, length, more = _HEAD.unpack(self._read(_HEAD.size, heard))
        if magic != MAGIC or length > _MOST_JSON:
            raise ValueError("no message of dnn_tf")
        if not length:
            return "ping", None, {}
        kind, value = json.loads(self._read(length, heard))
        arrays = {}
        if more:
            with np.load(io.BytesIO(self._read(more, heard)), allow_pickle=False) as archive:
                arrays = dict(archive)
        return kind, value, arrays

    def _read(self, length: int, heard: Any) -> bytes:
        parts, left = [], length
        while left:
            part = self._connection.recv(min(left, 2**20))
            if not part:
                raise EOFError("the connection was closed")
            if heard is not None:
                heard()
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def patience(self, seconds: float | None) -> None:
        """How long to wait for what arrives; `None`: for ever."""
        self._connection.settimeout(seconds)

    def is_open(self) -> bool:
        """Whether the other side has not closed it; nothing is read."""
        arrived = select.poll()
        try:
            arrived.register(self._connection, select.POLLIN)
            return not arrived.poll(0) or self._connection.recv(1, socket.MSG_PEEK) != b""
        except (OSError, ValueError):
            return False

    def close(self) -> None:
        """Whoever sends or receives is woken up."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()


def _packed(arrays: Arrays | None) -> bytes:
    if not arrays:
        return b""
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()
