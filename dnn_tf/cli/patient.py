"""A reader that goes away (`dnn-tf mnist | head -1`) does not end the training."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _Patient:
    """A text stream that goes on into nothing once nobody reads it."""

    def __init__(self, stream: Any):
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return int(self._stream.write(text))
        except BrokenPipeError:
            self._to_nothing()
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._to_nothing()

    def _to_nothing(self) -> None:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, self._stream.fileno())
        os.close(nothing)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def patient_stdout() -> Iterator[None]:
    """For the time of the block, whatever is printed may stay unread."""
    stream = sys.stdout
    sys.stdout = _Patient(stream)
    try:
        yield
        sys.stdout.flush()
    finally:
        sys.stdout = stream
