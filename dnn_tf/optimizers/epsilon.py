"""Where epsilon stands in a root that something is divided by."""

from keras import ops

from dnn_tf.types import Tensor


def root(v: Tensor, epsilon: float, inside: bool = True) -> Tensor:
    """`sqrt(v + epsilon)`, or with `inside=False` `sqrt(v) + epsilon`.

    Where `v` is 0, what it divides is at most `1 / sqrt(epsilon)` times larger, or `1 / epsilon`
    times: the same number is a much smaller guard outside.

    >>> round(float(root(0.0, 1e-4)), 6), round(float(root(0.0, 1e-4, inside=False)), 6)
    (0.01, 0.0001)
    """
    return ops.sqrt(v + epsilon) if inside else ops.sqrt(v) + epsilon
