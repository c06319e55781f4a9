"""The loss whose gradient step is Rosenblatt's rule."""

import keras
from keras import ops

from dnn_tf.alignment import aligned, sum_over_outputs
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
def perceptron(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`(step(z) - y) z`: nothing where the step of `z` is right, else how far `z` is off.

    Its derivative is `step(z) - y`, so gradient descent on one example at a time is the
    perceptron's rule `w <- w - learning_rate (step(x w + b) - y) x` (Rosenblatt, 1958), which the
    documents name without stating it.

    Args:
        y_true: 0 or 1.
        y_pred: `z = x w + b`, before the step.

    Shapes:
        `(batch,)` or `(batch, outputs)` twice -> `(batch,)`.

    >>> perceptron([1, 1, 0], [2.0, -2.0, 0.5]).numpy().tolist()
    [0.0, 2.0, 0.5]
    """
    y, z = aligned(y_true, y_pred)
    step = ops.stop_gradient(ops.cast(z >= 0, z.dtype))
    return sum_over_outputs((step - y) * z)
