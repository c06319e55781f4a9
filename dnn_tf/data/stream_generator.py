"""The rows that a Python function gives."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from dnn_tf.data.stream_source import Layout, check_layout
from dnn_tf.types import InputError, Tensor, first_line

Rows = Iterable[tuple[Any, Any]]

ROWS_AT_ONCE = 256
"""So many at most make a block: a slow function is not waited for longer than that."""


class GeneratorSource:
    """Calls the function anew in every epoch; the first row tells what all rows are.

    Args:
        function: `() -> rows`, each `(x, y)`: the same rows in the same order at every call.
        rows: of an epoch; `None`: all that it gives.
        title: what it is called, in errors and in checkpoints.

    Raises:
        InputError: no function, or one that gives no rows.
    """

    mixes = False

    def __init__(self, function: Callable[[], Rows], rows: int | None, title: str):
        if inspect.isgenerator(function) or not callable(function):
            raise InputError(
                f"{title}: a function that gives the rows anew in every epoch was expected, and "
                f"got {type(function).__name__}: give the function itself, and do not call it"
            )
        self._function, self.rows, self.title = function, rows, title
        self._failure: Exception | None = None
        for first in self._numbered():
            x, y = (np.asarray(part) for part in first[1])
            break
        else:
            raise InputError(f"{title} gives no rows, and one at least was expected")
        self.layout = Layout(x.shape, y.shape, x.dtype.name, y.dtype.name)
        check_layout(self.layout, title)

    def blocks(self, seed: int | None, skip: int) -> tuple[Tensor, int]:  # noqa: ARG002
        """In the order of the function, which is asked for rows that are left out as well."""
        import tensorflow as tf

        layout = self.layout
        signature = (
            tf.TensorSpec((None, *layout.x_shape), layout.x_dtype),
            tf.TensorSpec((None, *layout.y_shape), layout.y_dtype),
        )
        make = lambda: self._blocks(skip)  # noqa: E731
        return tf.data.Dataset.from_generator(make, output_signature=signature), skip

    def identity(self) -> Any:
        """Its title and the kind of its rows: what it computes, nobody can tell."""
        return [self.title, str(self.layout), self.rows]

    def place(self, row: int) -> str:
        """By its number."""
        return f"{self.title}: row {row}"

    def explain(self, error: Exception) -> Exception:
        """What the function raised, which TensorFlow tells only as text."""
        failure = self._failure or error
        if isinstance(failure, InputError):
            return failure
        return InputError(
            f"{self.title} raised {type(failure).__name__} ({first_line(failure)}): repair the "
            "function, or what it reads"
        )

    def _blocks(self, skip: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        rows = islice(self._numbered(), skip, None)
        size = min(ROWS_AT_ONCE, self.layout.block_rows)
        try:
            while some := list(islice(rows, size)):
                yield self._stacked(some, "x", 0), self._stacked(some, "y", 1)
        except Exception as error:
            self._failure = error
            raise

    def _numbered(self) -> Iterator[tuple[int, tuple[Any, Any]]]:
        """Each row with its number."""
        for number, row in enumerate(islice(self._function(), self.rows)):
            if not isinstance(row, tuple) or len(row) != 2:
                raise InputError(
                    f"{self.place(number)} is {type(row).__name__}, and a pair (x, y) was expected"
                )
            yield number, row

    def _stacked(self, rows: list[tuple[int, tuple[Any, Any]]], name: str, part: int) -> np.ndarray:
        """One array of them, if all are alike."""
        shape = (self.layout.x_shape, self.layout.y_shape)[part]
        dtype = (self.layout.x_dtype, self.layout.y_dtype)[part]
        arrays = [np.asarray(row[part]) for _, row in rows]
        for (number, _), array in zip(rows, arrays, strict=True):
            if array.shape != shape or array.dtype != dtype:
                raise InputError(
                    f"{self.place(number)}: {name} is {array.dtype} of the shape {array.shape}, "
                    f"and {dtype} of {shape} was expected, as in row 0: give all rows one kind"
                )
        return np.stack(arrays)
