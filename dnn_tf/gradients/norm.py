"""The Euclidean norm, for gradients of any size."""

from collections.abc import Sequence

from keras import ops

from dnn_tf.types import Tensor


def norm(tensors: Sequence[Tensor]) -> Tensor:
    """`sqrt(sum x^2)` over all entries of all tensors.

    The largest entry is divided out first, since the square of 1e20 is no number in single
    precision, and gradients that large are what clipping is for.

    >>> round(float(norm([ops.array([3e30, 0.0]), ops.array([4e30])])) / 1e30, 5)
    5.0
    """
    largest = ops.max(ops.stack([ops.max(ops.abs(x)) for x in tensors]))
    divisor = ops.where(largest > 0, largest, 1)
    squares = [ops.sum(ops.square(x / ops.cast(divisor, x.dtype))) for x in tensors]
    return divisor * ops.sqrt(sum(squares[1:], squares[0]))
