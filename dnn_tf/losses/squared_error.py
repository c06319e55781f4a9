"""The three squared errors of the documents, which they give one name.

With the difference `d = z - y` of an example's outputs and its labels they are `d^2` summed, halved
or averaged. Over a batch `fit` takes the mean, as the walkthrough and the fifth document do; the
fourth sums, which is the mean with a learning rate that is as many times larger as the batch is.
"""

import keras
from keras import ops

from dnn_tf.alignment import aligned, mean_over_outputs, sum_over_outputs
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
def squared_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`||z - y||^2 = sum_k (z_k - y_k)^2`, the fifth document's; its derivative is `2 (z - y)`.

    Shapes:
        `(batch, outputs)` twice -> `(batch,)`.

    >>> squared_error([[1.0, 0.0]], [[3.0, 1.0]]).numpy().tolist()
    [5.0]
    """
    y, z = aligned(y_true, y_pred)
    return sum_over_outputs(ops.square(z - y))


@keras.saving.register_keras_serializable(package="dnn_tf")
def half_squared_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`1/2 ||z - y||^2`, the walkthrough's and the fourth document's; its derivative is `z - y`.

    The walkthrough's formula lacks the square (its derivatives have it), and the fourth document
    puts `2 (z - y)`, the derivative of the whole, beside the half.

    Shapes:
        `(batch, outputs)` twice -> `(batch,)`.

    >>> half_squared_error([[1.0, 0.0]], [[3.0, 1.0]]).numpy().tolist()
    [2.5]
    """
    return 0.5 * squared_error(y_true, y_pred)


@keras.saving.register_keras_serializable(package="dnn_tf")
def mean_squared_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`1/K sum_k (z_k - y_k)^2` over the `K` outputs: what Keras calls by this name.

    Shapes:
        `(batch, outputs)` twice -> `(batch,)`.

    >>> mean_squared_error([[1.0, 0.0]], [[3.0, 1.0]]).numpy().tolist()
    [2.5]
    """
    y, z = aligned(y_true, y_pred)
    return mean_over_outputs(ops.square(z - y))
