"""What training is judged by, one value an example."""

import keras
import numpy as np
from keras import ops

from dnn_tf.alignment import (
    aligned,
    check_heads,
    class_numbers,
    floating,
    mean_over_outputs,
)
from dnn_tf.types import InputError, Measure, Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
def accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """1 where the largest output is the right class, else 0; the mean of it is the accuracy.

    Of equal outputs the first counts as the largest. Labels are class numbers, or a probability
    for each class, of which the largest is the right one.

    Shapes:
        `(batch,)`, `(batch, classes)` -> `(batch,)`.

    >>> accuracy([1, 1], ops.convert_to_tensor([[0.1, 0.9], [0.9, 0.1]])).numpy().tolist()
    [1.0, 0.0]
    """
    z = floating(y_pred)
    if z.shape[-1] == 1:
        raise InputError("accuracy needs an output a class, two or more, and the model has one")
    predicted = ops.argmax(z, axis=-1)
    right = ops.convert_to_tensor(y_true)
    if right.shape == z.shape:
        right = ops.argmax(right, axis=-1)
    return ops.cast(
        ops.equal(predicted, ops.cast(class_numbers(right, z), predicted.dtype)), "float32"
    )


@keras.saving.register_keras_serializable(package="dnn_tf")
def in_top_k(y_true: Tensor, y_pred: Tensor, k: int = 1) -> Tensor:
    """1 where fewer than `k` outputs are larger than that of the right class, else 0.

    This is the document's `tf.nn.in_top_k(logits, y, 1)`, kept for comparison with it: a class
    that ties with the right one is not larger, so a dead network, whose outputs are all equal,
    scores 100 %. Use `accuracy`.

    Shapes:
        `(batch,)`, `(batch, classes)` -> `(batch,)`.

    >>> dead = ops.zeros((2, 10))
    >>> in_top_k([3, 7], dead).numpy().tolist(), accuracy([3, 7], dead).numpy().tolist()
    ([1.0, 1.0], [0.0, 0.0])
    """
    z = floating(y_pred)
    right = ops.one_hot(class_numbers(y_true, z), z.shape[-1], dtype="bool")
    z_y = ops.sum(ops.where(right, z, ops.zeros_like(z)), axis=-1, keepdims=True)
    larger = ops.sum(ops.cast(z > z_y, "int32"), axis=-1)  # (batch,)
    finite = ops.all(ops.isfinite(z), axis=-1)  # as TensorFlow asks
    return ops.cast(ops.logical_and(larger < k, finite), "float32")


@keras.saving.register_keras_serializable(package="dnn_tf")
def mean_bias_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`1/K sum_k (z_k - y_k)` over the `K` outputs: above 0 where the network says too much.

    Errors of either sign cancel, so it is a metric and no loss.

    Shapes:
        `(batch,)` or `(batch, outputs)` twice -> `(batch,)`.

    >>> mean_bias_error([1.0, 1.0], [[3.0], [0.0]]).numpy().tolist()
    [2.0, -1.0]
    """
    y, z = aligned(y_true, y_pred)
    return mean_over_outputs(z - y)


def main_output(metric: Measure) -> Measure:
    """The metric of the first head of `models.with_auxiliary_outputs`: the network's own output.

    In the logs it has `main_` before its name.

    >>> heads = ops.array([[[0.1, 0.9], [0.9, 0.1]]])  # a row, two heads, two classes
    >>> main_output(accuracy)([1], heads).numpy().tolist()
    [1.0]
    """

    def first(y_true: Tensor, y_pred: Tensor) -> Tensor:
        check_heads(y_pred)
        return metric(y_true, y_pred[:, 0])

    first.__name__ = f"main_{metric.__name__}"
    return first


def confusion_matrix(y_true: np.ndarray, y_pred: np.ndarray, n_classes: int) -> np.ndarray:
    """How often class `row` was taken for class `column`.

    Shapes:
        `(n,)`, `(n,)` -> `(n_classes, n_classes)`.

    >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 1, 0]), n_classes=2).tolist()
    [[1, 0], [1, 1]]
    """
    cells = np.asarray(y_true, "int64") * n_classes + np.asarray(y_pred, "int64")
    return np.bincount(cells, minlength=n_classes**2).reshape(n_classes, n_classes)
