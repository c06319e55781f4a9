"""Bounds on weights, put back after every step: ordinary Keras constraints."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_above_0
from dnn_tf.types import InputError, Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class MaxNorm(keras.constraints.Constraint):
    """`w <- w * min(1, max_norm / ||w||)`, for the incoming weights `w` of each unit.

    Srebro & Shraibman (2005). The reference notebook clips along axis 1 of its
    `(n_inputs, n_outputs)` kernels: so it bounds what leaves each input, not what enters each unit;
    `axis=1` is that.

    Args:
        max_norm: the largest Euclidean norm, above 0. Default 1.
        axis: the axes that make up one `w`. `None`: all but the last, which is right for
            dense layers and convolutions; `layers.LocallyConnected` needs `axis=2`.

    >>> print(MaxNorm(1.0)(ops.array([[3.0, 0.3], [4.0, 0.4]])).numpy())
    [[0.6 0.3]
     [0.8 0.4]]
    """

    def __init__(self, max_norm: float = 1.0, axis: int | tuple[int, ...] | None = None):
        check_above_0(max_norm=max_norm)
        self.max_norm = max_norm
        self.axis = axis

    def __call__(self, w: Tensor) -> Tensor:
        w = ops.convert_to_tensor(w)
        axes = tuple(range(len(w.shape) - 1)) if self.axis is None else self.axis
        norm = ops.sqrt(ops.sum(ops.square(w), axis=axes, keepdims=True))
        return w * ops.minimum(1.0, self.max_norm / norm)  # a norm of 0: infinity, and so 1

    def get_config(self) -> dict[str, object]:
        return {"max_norm": self.max_norm, "axis": self.axis}


def get(identifier: Any) -> keras.constraints.Constraint | None:
    """The bound of that name, ours before Keras'; an instance, or `None`, as it is.

    Raises:
        InputError: nobody knows it.

    >>> get("max_norm").max_norm
    1.0
    """
    if identifier in ("MaxNorm", "max_norm"):
        return MaxNorm()
    try:
        return keras.constraints.get(identifier)
    except ValueError as error:
        raise InputError(
            f"unknown bound {identifier!r}: take one such as constraints.MaxNorm(1.0)"
        ) from error
