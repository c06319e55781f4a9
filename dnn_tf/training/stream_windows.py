"""The rows of a stream for the steps of an epoch: some steps at a time, the next read meanwhile."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.data import Stream
from dnn_tf.data.stream_checks import first_bad
from dnn_tf.training.door import classes_of
from dnn_tf.training.rows import Window
from dnn_tf.types import InputError, Tensor

WINDOW_BYTES = 32 * 2**20
"""Of a window, as it goes to the device. Larger ones make the calls longer and are no faster."""

SEEDS = 2**62


class StreamRows:
    """Gives every epoch of a training its order.

    Args:
        model: whose rows they are.
        stream: where they come from.
    """

    def __init__(self, model: keras.Model, stream: Stream):
        self._stream, self._n_classes = stream, classes_of(model, stream)

    def draw(self, order: np.random.Generator) -> "Reading":
        """An epoch, by its seed: as many numbers as there are rows would be too many."""
        return Reading(self._stream, int(order.integers(SEEDS)), self._n_classes)


@dataclass(frozen=True)
class Reading:
    """One epoch over a stream.

    Args:
        stream: of the rows.
        seed: of their order.
        n_classes: how many numbers labels may have; `None`: any finite number.
    """

    stream: Stream
    seed: int
    n_classes: int | None

    def windows(self, batch_size: int, steps: int, rows: int) -> Iterator[tuple[Window, bool]]:
        """Some steps after the other, and whether they are the last, smaller one.

        All windows but that one have the same shapes, so that one compilation serves them.

        Args:
            batch_size: rows of a step.
            steps: that were taken of the epoch before.
            rows: that these used.

        Raises:
            InputError: what cannot be read, or a row that training cannot use; none of the steps
                of its window were taken.
        """
        n_rows = self.stream.rows
        if n_rows is not None:
            batch_size = min(batch_size, n_rows)
        n_steps = self._steps(batch_size)
        places = np.arange(n_steps * batch_size, dtype="int32").reshape(n_steps, batch_size)
        batches = tf.constant(places)
        for x, y in self.stream.read(n_steps * batch_size, seed=self.seed, first_row=rows):
            self._check(x, y)
            full, rest = divmod(int(y.shape[0]), batch_size)
            if full:
                inside = full * batch_size
                yield (
                    Window(
                        _filled_up(x, inside, places.size),
                        _filled_up(y, inside, places.size),
                        batches,
                        steps,
                        steps + full,
                    ),
                    False,
                )
                steps += full
            if rest:
                last = tf.constant(np.arange(rest, dtype="int32")[None])
                # All rows in one step are no rest, also where nobody had counted them before.
                yield Window(x[-rest:], y[-rest:], last, steps, steps + 1), steps > 0
                steps += 1
            del x, y  # or there would be one more of them in memory

    def _steps(self, batch_size: int) -> int:
        """Of a window: as many as there is room for, and no more than an epoch has."""
        shapes = self.stream.x_shape, self.stream.y_shape
        sizes = [math.prod(shape) * np.dtype(dtype).itemsize
                 for shape, dtype in zip(shapes, self.stream.dtypes, strict=True)]  # fmt: skip
        room = max(1, WINDOW_BYTES // (batch_size * max(1, sum(sizes))))
        return room if self.stream.rows is None else min(room, self.stream.rows // batch_size)

    def _check(self, x: Tensor, y: Tensor) -> None:
        found = first_bad(np.asarray(x), np.asarray(y), self.n_classes)
        if found is not None:
            self.stream.name_bad_row(self.n_classes)  # by its place in the source
            raise InputError(f"{self.stream.title}: a row of this epoch: {found[1]}: drop it")


def _filled_up(values: Tensor, used: int, size: int) -> Tensor:
    """The first ones, repeated to a whole window: on the device, where all steps take them from."""
    if used < size:
        values = tf.gather(values, np.resize(np.arange(used), size))
    return tf.identity(values)
