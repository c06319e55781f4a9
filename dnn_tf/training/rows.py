"""The rows that the steps of an epoch use: all of them on the device, or some at a time."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import tensorflow as tf

from dnn_tf.data import Split
from dnn_tf.data.memory import machine_memory
from dnn_tf.types import Tensor
from dnn_tf.workers import ALONE, Team

SHARE_OF_MEMORY = 0.25
"""Of the machine's, or of its container's: rows that take more are not held all at once."""

WINDOWS_IN_SHARE = 4
"""A window is gathered, copied, and on the device: all that together takes the share at most.

No smaller than that: of a file that the system cannot keep in its cache, each window reads most.
"""


_ALIGNMENT = 64
"""Bytes, at a multiple of which TensorFlow wants its arrays to begin."""


@dataclass(frozen=True)
class Window:
    """Some steps of an epoch, and the rows that they use.

    Args:
        x, y: rows on the device.
        batches: `(steps, batch)`, where in `x` and `y` the rows of each step are.
        first: the number of the step that `batches[0]` is.
        end: the number of the first step that is not here.
    """

    x: Tensor
    y: Tensor
    batches: Tensor
    first: int
    end: int


class Rows(Protocol):
    """Has the rows for any step of an epoch."""

    def draw(self, order: np.random.Generator) -> np.ndarray:
        """The numbers of all rows, in an order drawn anew."""

    def window(self, batches: np.ndarray, start: int) -> Window:
        """The step `start` and others, with their rows.

        Of one shape for all steps of the batches, so that one compilation serves them.

        Args:
            batches: `(steps, batch)`, the rows of each step.
            start: the number of a step.
        """


def rows_of(split: Split, team: Team = ALONE) -> Rows:
    """All of them on the device where they take little of the memory, else some at a time.

    The memory is the machine's. TensorFlow tells what is used of a GPU's own, and not how much it
    has: rows that are too many for a small one end in TensorFlow's own error.
    """
    known = [size for size in team.gathered(machine_memory(), "the memory") if size is not None]
    memory = min(known, default=None)  # of all workers: they agree where a window ends
    if memory is None or _size(split) <= SHARE_OF_MEMORY * memory:
        return Resident(split)
    return Streamed(split, SHARE_OF_MEMORY * memory / WINDOWS_IN_SHARE)


def _size(split: Split) -> int:
    return split.x.nbytes + split.y.nbytes


class Resident:
    """All rows, copied to the device once."""

    def __init__(self, split: Split):
        self._x, self._y = _on_device(split.x), _on_device(split.y)

    def draw(self, order: np.random.Generator) -> np.ndarray:
        """Of all rows."""
        return order.permutation(len(self._x))

    def window(self, batches: np.ndarray, start: int) -> Window:  # noqa: ARG002
        """All steps."""
        return Window(self._x, self._y, tf.constant(batches.astype("int32")), 0, len(batches))


def _on_device(array: np.ndarray) -> Tensor:
    """One copy: `tf.constant` makes two of an array, and gives one back when it likes to."""
    if tf.config.list_physical_devices("GPU") or array.dtype.kind not in "fiu":
        return tf.constant(array)
    room = np.empty(array.nbytes + _ALIGNMENT, "uint8")
    start = -room.ctypes.data % _ALIGNMENT
    native = array.dtype.newbyteorder("=")
    copy = room[start : start + array.nbytes].view(native).reshape(array.shape)
    copy[...] = array
    return tf.experimental.dlpack.from_dlpack(copy.__dlpack__())


class Streamed:
    """The rows of some steps at a time, gathered from arrays that may lie on the disk.

    The steps and their numbers are those of `Resident`: to the bit without XLA, which compiles each
    shape of the rows for itself and may add up in another order.

    Args:
        split: its arrays may be memory maps; no more of them is read into memory than is used.
        n_bytes: for the rows of one window. One step has its way, even if it uses more, as with
            `batch_size="all"`.
    """

    def __init__(self, split: Split, n_bytes: float):
        self._split = split
        self._rows = n_bytes * len(split) / _size(split)

    def draw(self, order: np.random.Generator) -> np.ndarray:
        """Of all rows: their numbers take the memory, and not they."""
        return order.permutation(len(self._split))

    def window(self, batches: np.ndarray, start: int) -> Window:
        """As many steps as there is room for; the last window is filled up by repetition."""
        n_steps = min(max(1, int(self._rows / batches.shape[1])), len(batches))
        first = start - start % n_steps
        wanted = np.resize(batches[first : first + n_steps], (n_steps, batches.shape[1]))
        lying = np.argsort(wanted, axis=None)  # a disk is read forwards
        places = np.argsort(lying).reshape(wanted.shape)
        rows = wanted.reshape(-1)[lying]
        x, y = tf.constant(self._split.x[rows]), tf.constant(self._split.y[rows])
        end = min(first + n_steps, len(batches))
        return Window(x, y, tf.constant(places.astype("int32")), first, end)
