"""Sums over all entries of a gradient, and the Euclidean norm, for gradients of any size."""

from collections.abc import Sequence

import keras
from keras import ops

from dnn_tf.types import Tensor


def total(x: Tensor) -> Tensor:
    """The sum of all entries.

    As a matrix product along the last axis: on a CPU XLA adds up a plain sum entry by entry, which
    made clipping by the norm as dear as the step itself; a product adds in lanes.

    >>> float(total(ops.array([[1.0, 2.0], [3.0, 4.0]])))
    10.0
    """
    rows = ops.reshape(x, (-1, x.shape[-1] if len(x.shape) > 1 else 1))
    return ops.sum(ops.matmul(rows, ops.ones((rows.shape[-1], 1), rows.dtype)))


def norm(tensors: Sequence[Tensor]) -> Tensor:
    """`sqrt(sum x^2)` over all entries of all tensors, in single precision or better.

    Where the squares are too large for a number, as that of 1e20 is in single precision, the
    largest entry is divided out first: gradients that large are what clipping is for. NaN where the
    norm itself is too large, or an entry is no finite number.

    >>> round(float(norm([ops.array([3e30, 0.0]), ops.array([4e30])])) / 1e30, 5)
    5.0
    """
    dtype = keras.backend.result_type("float32", *(x.dtype for x in tensors))
    wide = [ops.cast(x, dtype) for x in tensors]
    length = _norm(wide)
    return ops.cond(ops.isfinite(length), lambda: length, lambda: _norm_of_large(wide))


def _norm(tensors: Sequence[Tensor]) -> Tensor:
    squares = [total(ops.square(x)) for x in tensors]
    return ops.sqrt(sum(squares[1:], squares[0]))


def _norm_of_large(tensors: Sequence[Tensor]) -> Tensor:
    largest = ops.max(ops.stack([ops.max(ops.abs(x)) for x in tensors]))
    length = largest * _norm([x / largest for x in tensors])
    return ops.where(ops.isfinite(length), length, float("nan"))
