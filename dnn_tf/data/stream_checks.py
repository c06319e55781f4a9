"""Rows of a stream that training could not use, found where they pass."""

import numpy as np

from dnn_tf.data.checks import LARGEST


def first_bad(x: np.ndarray, y: np.ndarray, n_classes: int | None) -> tuple[int, str] | None:
    """The first row that no network can use, and what is wrong with it.

    Args:
        x: features of some rows, `(rows, ...)`.
        y: their labels.
        n_classes: how many numbers labels may have; `None`: any finite number.

    >>> x = np.ones((3, 2), "float32")
    >>> first_bad(x, np.array([0, 1, 2]), None), first_bad(x, np.array([0, 1, 2]), 2)
    (None, (2, 'y is 2, and a whole number from 0 to 1 was expected'))
    """
    found = [(row, what) for row, what in (_infinite(x, "x"), _label(y, n_classes)) if row >= 0]
    return min(found, default=None)


def _infinite(values: np.ndarray, name: str) -> tuple[int, str]:
    if values.dtype.kind not in "f" or not values.size:
        return -1, ""
    with np.errstate(invalid="ignore"):
        if float(values.min()) >= -LARGEST and float(values.max()) <= LARGEST:  # NaN fails
            return -1, ""
        bad = ~(np.abs(values.astype("float64")) <= LARGEST)
    row, *place = (int(axis) for axis in np.unravel_index(bad.argmax(), bad.shape))
    index = f"[{', '.join(map(str, place))}]" if place else ""
    value = values[(row, *place)]
    return row, f"{name}{index} is {value}, and finite float32 numbers were expected"


def _label(y: np.ndarray, n_classes: int | None) -> tuple[int, str]:
    if n_classes is None:
        return _infinite(y, "y")
    with np.errstate(invalid="ignore"):
        bad = ~((y >= 0) & (y < n_classes))
        if y.dtype.kind == "f":
            bad |= y != np.floor(y)
    if not bad.any():
        return -1, ""
    row = int(bad.argmax())
    return row, f"y is {y[row]}, and a whole number from 0 to {n_classes - 1} was expected"
