"""From what a caller gives to an array, with nothing lost on the way."""

from typing import Any

import numpy as np

from dnn_tf.types import InputError, first_line


def as_array(values: Any, name: str) -> np.ndarray:
    """`np.asarray`, but a masked value is not laid bare, and the odd row of a ragged list is named.

    Args:
        values: an array, nested lists, or anything that NumPy can turn into an array.
        name: what the values are called in an error.

    Raises:
        InputError: rows of different shapes, a masked value, or nothing that becomes an array.

    >>> as_array([[1, 2], [3, 4], [5]], "x")
    Traceback (most recent call last):
    dnn_tf.types.InputError: x[2] has the shape (1,) and x[0] has (2,): give all rows one shape
    """
    if isinstance(values, np.ma.MaskedArray):
        _check_unmasked(values, name)
    try:
        return np.asarray(values)
    except Exception as error:  # ragged lists, or whatever an object makes of being converted
        reason = _odd_row(values, name) or f"{name} becomes no array ({first_line(error)})"
        raise InputError(f"{reason}: give all rows one shape") from error


def one_line(value: Any) -> str:
    """What a value looks like, short enough for an error.

    >>> one_line(np.eye(2))
    'array([[1., 0.], [0., 1.]])'
    """
    text = " ".join(repr(value.item() if isinstance(value, np.generic) else value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def _check_unmasked(values: Any, name: str) -> None:
    masked = np.argwhere(np.ma.getmaskarray(values))
    if len(masked):
        index = ", ".join(map(str, masked[0].tolist()))
        raise InputError(
            f"{name}[{index}] is masked ({len(masked)} such values in all), and numbers were "
            "expected: fill them in or drop those rows"
        )


def _odd_row(rows: Any, name: str) -> str | None:
    """The first row of another shape than row 0, or itself ragged."""
    first = None
    try:
        for number, row in enumerate(rows):
            try:
                shape = np.shape(row)
            except ValueError:
                return _odd_row(row, f"{name}[{number}]")
            first = shape if first is None else first
            if shape != first:
                return f"{name}[{number}] has the shape {shape} and {name}[0] has {first}"
    except Exception:  # no sequence of rows at all
        return None
    return None
