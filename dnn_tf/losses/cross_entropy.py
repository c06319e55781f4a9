"""Cross-entropies, taken from the logits: finite for logits of any size."""

import keras
from keras import ops

from dnn_tf.alignment import aligned, class_numbers, floating, sum_over_outputs
from dnn_tf.types import InputError, Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
def sigmoid_cross_entropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`-[y ln a + (1 - y) ln(1 - a)] = ln(1 + e^z) - y z`, summed over the outputs.

    `a = sigmoid(z)` is the probability of a yes.

    The walkthrough derives it from the wish that the gradient be `a - y`, without the factor
    `a (1 - a)` that makes a squared error learn slowly from a saturated start.

    Args:
        y_true: 0 or 1, or a probability.
        y_pred: the logits.

    Shapes:
        `(batch,)` or `(batch, outputs)` twice -> `(batch,)`.

    >>> print(sigmoid_cross_entropy([1, 1, 0], [0.0, 100.0, 100.0]).numpy().round(4))  # ln 2
    [  0.6931   0.     100.    ]
    """
    y, z = aligned(y_true, y_pred)
    right = z >= 0
    softplus = ops.where(right, z, ops.zeros_like(z)) + ops.log1p(ops.exp(ops.where(right, -z, z)))
    return sum_over_outputs(softplus - y * z)


@keras.saving.register_keras_serializable(package="dnn_tf")
def softmax_cross_entropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`-sum_k y_k ln p_k`, where `p` is the softmax of the logits `z`.

    Its gradient is `p - y` for labels that sum to 1. The fifth document's picture lacks the minus.

    Args:
        y_true: a probability a class; all on one class for a plain label.
        y_pred: the logits.

    Shapes:
        `(batch, classes)` twice -> `(batch,)`.

    >>> z = ops.array([[0.0, 0.0], [100.0, 0.0]])
    >>> print(softmax_cross_entropy([[0.5, 0.5], [0.0, 1.0]], z).numpy().round(4))
    [  0.6931 100.    ]
    """
    y, z = aligned(y_true, y_pred)
    _check_classes("softmax_cross_entropy", z)
    costs = ops.where(y == 0, ops.zeros_like(z), y * _log_softmax(z))  # 0 ln 0 is 0
    return -ops.sum(costs, axis=-1)


@keras.saving.register_keras_serializable(package="dnn_tf")
def sparse_softmax_cross_entropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`-ln p_y = ln(sum_k exp(z_k)) - z_y`, where `p` is the softmax of the logits `z`.

    It is `tf.nn.sparse_softmax_cross_entropy_with_logits` of the document's loss, written out; the
    document then takes the mean over the batch, the fourth document the sum.

    Args:
        y_true: the number of the right class, from 0, as `(batch,)` or `(batch, 1)`. A label
            outside the classes has no meaning here and gives a wrong number without a warning:
            `fit` checks them beforehand.
        y_pred: the logits.

    Shapes:
        `(batch,)`, `(batch, classes)` -> `(batch,)`.

    >>> z = ops.array([[0.0, 0.0], [100.0, 0.0]])
    >>> print(sparse_softmax_cross_entropy([0, 1], z).numpy().round(4))  # ln 2
    [  0.6931 100.    ]
    """
    z = floating(y_pred)
    _check_classes("sparse_softmax_cross_entropy", z)
    right = ops.one_hot(class_numbers(y_true, z), z.shape[-1], dtype="bool")
    return -ops.sum(ops.where(right, _log_softmax(z), ops.zeros_like(z)), axis=-1)


def _log_softmax(z: Tensor) -> Tensor:
    """`ln p_k = z_k - ln(sum_j exp(z_j))` along the last axis.

    The largest logit is taken off first, which changes no `p`: no exponential overflows, and what
    is small beside a large logit is not lost.
    """
    least = float("-inf")  # so that a batch without rows has a largest logit too
    z = z - ops.stop_gradient(ops.max(z, axis=-1, keepdims=True, initial=least))
    return z - ops.log(ops.sum(ops.exp(z), axis=-1, keepdims=True))


def _check_classes(name: str, z: Tensor) -> None:
    if z.shape[-1] == 1:
        raise InputError(
            f"{name} needs an output a class, two or more, and the model has one: take "
            "losses.sigmoid_cross_entropy"
        )
