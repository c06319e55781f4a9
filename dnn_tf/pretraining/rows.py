"""Rows without labels: what pretraining takes, and goes through some at a time."""

from collections.abc import Callable
from typing import Any

import numpy as np

from dnn_tf.data.arrays import as_array
from dnn_tf.data.checks import check_features
from dnn_tf.types import InputError, Tensor

ROWS_AT_ONCE = 10_000


def as_rows(x: Any, where: str) -> np.ndarray:
    """Rows of finite numbers, `(samples, features)`; a memory map stays one.

    Raises:
        InputError: anything else.

    >>> as_rows([[[1, 2]]], "x")
    Traceback (most recent call last):
    dnn_tf.types.InputError: x: x has the shape (1, 1, 2), and (samples, features) was expected: \
flatten the samples, as in x.reshape(len(x), -1)
    """
    x = as_array(x, "x")
    check_features(x, where)
    if x.ndim != 2:
        raise InputError(
            f"{where}: x has the shape {x.shape}, and (samples, features) was expected: flatten "
            "the samples, as in x.reshape(len(x), -1)"
        )
    return x


def in_parts(function: Callable[[np.ndarray], Tensor], x: np.ndarray) -> np.ndarray:
    """`function(x)` of many rows, as many at a time as a device has room for.

    Shapes:
        `(n, features)` -> `(n, ...)`.

    >>> in_parts(lambda rows: 2 * rows, np.eye(2)).tolist()
    [[2.0, 0.0], [0.0, 2.0]]
    """
    parts = (x[start : start + ROWS_AT_ONCE] for start in range(0, len(x), ROWS_AT_ONCE))
    return np.concatenate([np.asarray(function(part)) for part in parts])
