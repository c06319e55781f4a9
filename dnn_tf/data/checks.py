"""The door: arrays that training could not use are named before it starts.

A label outside the classes becomes a NaN under XLA, and a NaN pixel can stay invisible in the loss
(oneDNN's fused ReLU turns it into 0), so neither may get past here.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dnn_tf.data.arrays import one_line
from dnn_tf.types import InputError

LARGEST = float(np.finfo("float32").max)
"""A larger number is infinite to a network, which computes in float32."""

_NUMBERS_AT_ONCE = 1_000_000
"""So many at most are copied in the search for those that are infinite."""


def check_features(x: np.ndarray, where: str) -> None:
    """Real numbers, at least one row, all of them finite as float32."""
    if x.ndim > 0 and len(x) == 0:
        raise InputError(f"{where}: x has no rows, and at least one was expected: add some")
    if x.ndim < 2 or 0 in x.shape:
        raise InputError(
            f"{where}: x has the shape {x.shape}, and (samples, features) was expected: "
            "give a row a sample"
        )
    _check_numbers(x, "x", where, "real numbers were expected")
    _check_finite(x, "x", where)


def check_targets(y: np.ndarray, where: str) -> None:
    """Real numbers, all of them finite."""
    _check_numbers(y, "y", where, "real numbers were expected")
    _check_finite(y, "y", where)


def _check_numbers(values: np.ndarray, name: str, where: str, expected: str) -> None:
    if values.dtype.kind in "biuf":
        return
    if values.dtype.kind == "c":
        raise InputError(
            f"{where}: {name} holds {values.dtype}, and {expected}: take its real part, "
            f"{name}.real, or its size, abs({name})"
        )
    for index, value in np.ndenumerate(values):
        if not _reads_as_finite(value):
            raise InputError(
                f"{where}: {name}[{_index(index)}] is {one_line(value)}, and {expected}: "
                "repair or drop those rows"
            )
    raise InputError(
        f"{where}: {name} holds {values.dtype}, and {expected}: convert it, as in "
        f"{name}.astype('float32')"
    )


def _reads_as_finite(value: Any) -> bool:
    try:
        return not np.iscomplexobj(value) and math.isfinite(float(value))
    except Exception:  # None, text, an object of any kind
        return False


def _check_finite(values: np.ndarray, name: str, where: str) -> None:
    if values.dtype.kind != "f":
        return
    with np.errstate(invalid="ignore"):
        if float(values.min()) >= -LARGEST and float(values.max()) <= LARGEST:  # NaN fails
            return
        first, n_bad = _infinite(values)
    raise InputError(
        f"{where}: {name}[{_index(first)}] is {values[first]} ({n_bad} such values in all), and "
        "finite float32 numbers were expected: repair or drop those rows"
    )


def _infinite(values: np.ndarray) -> tuple[tuple[int, ...], int]:
    """Where the first such value is, and how many there are; some rows of a file at a time."""
    first: tuple[int, ...] = ()
    n_bad = 0
    rows = max(1, _NUMBERS_AT_ONCE * len(values) // values.size)
    for start in range(0, len(values), rows):
        bad = ~(np.abs(values[start : start + rows].astype("float64")) <= LARGEST)
        n_bad += int(np.count_nonzero(bad))
        if not first and bad.any():
            row, *place = np.unravel_index(bad.argmax(), bad.shape)
            first = (start + int(row), *map(int, place))
    return first, n_bad


def _index(index: Sequence[int]) -> str:
    return ", ".join(str(int(place)) for place in index)


def check_rows(x: np.ndarray, y: np.ndarray, where: str) -> None:
    """As many labels as samples."""
    if y.ndim == 0 or len(x) != len(y):
        labels = len(y) if y.ndim else 0
        lone = f"y[{len(x)}] has no sample" if labels > len(x) else f"x[{labels}] has no label"
        raise InputError(
            f"{where}: x has {len(x)} rows and y has the shape {y.shape}, so {lone}: give one "
            "label a row"
        )


def check_labels(y: np.ndarray, n_classes: int | None, where: str) -> None:
    """One whole number a row, each the number of a class; with `None` the classes have no end."""
    expected = "a whole number, 0 or more,"
    if n_classes is not None:
        expected = f"a whole number from 0 to {n_classes - 1}"
    if y.ndim != 1:
        raise InputError(
            f"{where}: y has the shape {y.shape}, and ({len(y)},) was expected: "
            "one class number a row"
        )
    _check_numbers(y, "y", where, f"{expected} was expected")
    if y.dtype == bool:
        raise InputError(
            f"{where}: y holds bool, and {expected} was expected: convert it, as in "
            "y.astype('int64')"
        )
    with np.errstate(invalid="ignore"):
        bad = np.flatnonzero(
            ~((y >= 0) & (y < (np.inf if n_classes is None else n_classes)) & (y == np.floor(y)))
        )
    if len(bad):
        raise InputError(
            f"{where}: y[{bad[0]}] is {y[bad[0]]} ({len(bad)} such labels in all), and {expected} "
            "was expected: renumber or drop those rows"
        )


def check_every_class(y: np.ndarray, class_names: Sequence[str], where: str) -> None:
    """A training example of each class, the labels being class numbers."""
    empty = np.flatnonzero(np.bincount(y.astype("int64"), minlength=len(class_names)) == 0)
    if len(empty):
        raise InputError(
            f'{where}: class {empty[0]} ("{class_names[empty[0]]}") has no training example '
            f"({len(empty)} such classes in all), and one at least was expected: add rows of it, "
            "or leave it out of the class names and renumber the others"
        )


def check_same_shape(shapes: Mapping[str, tuple[int, ...]], what: str = "sample") -> None:
    """Rows of one shape in all splits, by their names."""
    (first, one), *others = shapes.items()
    for name, other in others:
        if other != one:
            raise InputError(
                f"{name}: a {what} has the shape {other}, and in {first} it has {one}: give both "
                "the same"
            )
