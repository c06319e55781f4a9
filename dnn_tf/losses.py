"""What training makes small, one value an example."""

import keras
from keras import ops

from dnn_tf.types import InputError, Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
def sparse_softmax_cross_entropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`-ln p_y = ln(sum_k exp(z_k)) - z_y`, where `p` is the softmax of the logits `z`.

    Taken from the logits, never from probabilities: with the largest logit taken out first, no
    exponential overflows and no logarithm meets a zero, so it stays finite for logits of any size.
    It is `tf.nn.sparse_softmax_cross_entropy_with_logits` of the document's loss, written out; the
    document then takes the mean over the batch.

    Args:
        y_true: the number of the right class, from 0. A label outside the classes has no
            meaning here and gives a wrong number without a warning: `fit` checks them beforehand.
        y_pred: the logits.

    Shapes:
        `(batch,)`, `(batch, classes)` -> `(batch,)`.

    >>> z = ops.convert_to_tensor([[0.0, 0.0], [1000.0, 0.0]])
    >>> [round(float(value), 4) for value in sparse_softmax_cross_entropy([0, 1], z)]  # ln 2
    [0.6931, 1000.0]
    """
    z = ops.convert_to_tensor(y_pred)
    if z.shape[-1] == 1:
        raise InputError(
            "sparse_softmax_cross_entropy needs an output a class, two or more, and the model has "
            "one: take keras.losses.BinaryCrossentropy(from_logits=True)"
        )
    least = float("-inf")  # so that a batch without rows has a largest logit too
    largest = ops.max(z, axis=-1, keepdims=True, initial=least)
    largest = ops.stop_gradient(largest)  # any shift gives the same result
    log_sum = ops.log(ops.sum(ops.exp(z - largest), axis=-1)) + largest[..., 0]  # (batch,)
    z_y = ops.sum(
        ops.one_hot(ops.cast(y_true, "int32"), z.shape[-1], dtype=z.dtype) * z, axis=-1
    )  # (batch,)
    return log_sum - z_y
