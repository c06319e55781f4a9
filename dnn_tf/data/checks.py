"""The door: arrays that training could not use are named before it starts.

A label outside the classes becomes a NaN under XLA, and a NaN pixel can stay invisible in the loss
(oneDNN's fused ReLU turns it into 0), so neither may get past here.
"""

import numpy as np

from dnn_tf.types import InputError


def check_features(x: np.ndarray, where: str) -> None:
    """Numbers, at least one row, all of them finite."""
    if x.ndim < 2:
        raise InputError(
            f"{where}: x has the shape {x.shape}, and (samples, features) was expected: "
            "give a row a sample"
        )
    if len(x) == 0:
        raise InputError(f"{where}: x has no rows, and at least one was expected")
    if not (np.issubdtype(x.dtype, np.number) or x.dtype == bool) or np.iscomplexobj(x):
        raise InputError(
            f"{where}: x holds {x.dtype}, and real numbers were expected: convert it first"
        )
    if np.issubdtype(x.dtype, np.floating):
        _check_finite(x, where)


def _check_finite(x: np.ndarray, where: str) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(x.sum()):  # one cheap pass over sound data: a NaN or infinity survives a sum
            return
    bad = np.argwhere(~np.isfinite(x))
    if len(bad) == 0:  # finite numbers whose sum is not
        return
    row, *column = (int(i) for i in bad[0])
    raise InputError(
        f"{where}: x[{', '.join(map(str, [row, *column]))}] is {x[tuple(bad[0])]} "
        f"({len(bad)} such values in all), and finite numbers were expected: "
        "repair or drop those rows"
    )


def check_rows(x: np.ndarray, y: np.ndarray, where: str) -> None:
    """As many labels as samples."""
    if y.ndim == 0 or len(x) != len(y):
        raise InputError(
            f"{where}: x has {len(x)} rows and y has the shape {y.shape}: give one label a row"
        )


def check_labels(y: np.ndarray, n_classes: int, where: str) -> None:
    """One whole number a row, each the number of a class."""
    if y.ndim != 1:
        raise InputError(
            f"{where}: y has the shape {y.shape}, and ({len(y)},) was expected: "
            "one class number a row"
        )
    if not np.issubdtype(y.dtype, np.number) or np.iscomplexobj(y):
        raise InputError(
            f"{where}: y holds {y.dtype}, and class numbers from 0 to {n_classes - 1} "
            "were expected: number the classes first"
        )
    with np.errstate(invalid="ignore"):
        bad = np.flatnonzero(~((y >= 0) & (y < n_classes) & (y == np.floor(y))))
    if len(bad):
        raise InputError(
            f"{where}: y[{bad[0]}] is {y[bad[0]]} ({len(bad)} such labels in all), and a whole "
            f"number from 0 to {n_classes - 1} was expected: renumber or drop those rows"
        )
