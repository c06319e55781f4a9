"""Losses that grow as the error does, not as its square: outliers pull less."""

import keras
from keras import ops

from dnn_tf.alignment import aligned, mean_over_outputs, sum_over_outputs
from dnn_tf.arguments import check_above_0, is_real
from dnn_tf.types import InputError, Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
def absolute_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`||z - y||_1 = sum_k |z_k - y_k|`, the fourth document's L1 loss.

    Its derivative is 1 or -1 however small the error, so the learning rate has to fall.

    Shapes:
        `(batch, outputs)` twice -> `(batch,)`.

    >>> absolute_error([[1.0, 0.0]], [[3.0, -1.0]]).numpy().tolist()
    [3.0]
    """
    y, z = aligned(y_true, y_pred)
    return sum_over_outputs(ops.abs(z - y))


@keras.saving.register_keras_serializable(package="dnn_tf")
def mean_absolute_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`1/K sum_k |z_k - y_k|` over the `K` outputs, Keras' and the fifth document's MAE.

    That document's words say "sum", its name and use a mean.

    Shapes:
        `(batch, outputs)` twice -> `(batch,)`.

    >>> mean_absolute_error([[1.0, 0.0]], [[3.0, -1.0]]).numpy().tolist()
    [1.5]
    """
    y, z = aligned(y_true, y_pred)
    return mean_over_outputs(ops.abs(z - y))


@keras.saving.register_keras_serializable(package="dnn_tf")
def smooth_l1(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """`d^2 / 2` where `|d| < 1`, else `|d| - 1/2`, summed over the outputs; `d = z - y`.

    The fourth document's; Girshick (2015). It is `huber` with `delta = 1`, summed.

    Shapes:
        `(batch, outputs)` twice -> `(batch,)`.

    >>> smooth_l1([[0.0, 0.0]], [[0.5, 3.0]]).numpy().tolist()  # 0.125 + 2.5
    [2.625]
    """
    y, z = aligned(y_true, y_pred)
    return sum_over_outputs(_huber(z - y, 1.0))


@keras.saving.register_keras_serializable(package="dnn_tf")
def huber(y_true: Tensor, y_pred: Tensor, delta: float = 1.0) -> Tensor:
    """`d^2 / 2` where `|d| < delta`, else `delta (|d| - delta / 2)`; the mean over the outputs.

    Huber (1964): a square near 0, a straight line beyond. For another `delta` in `fit`, give
    `losses.Configured(losses.huber, delta=2.0)`.

    Raises:
        InputError: `delta` is not above 0.

    Shapes:
        `(batch, outputs)` twice -> `(batch,)`.

    >>> huber([[0.0, 0.0]], [[0.5, 3.0]], delta=2.0).numpy().tolist()  # (0.125 + 4) / 2
    [2.0625]
    """
    check_above_0(delta=delta)
    y, z = aligned(y_true, y_pred)
    return mean_over_outputs(_huber(z - y, delta))


@keras.saving.register_keras_serializable(package="dnn_tf")
def quantile(y_true: Tensor, y_pred: Tensor, q: float = 0.5) -> Tensor:
    """`max(q d, (q - 1) d)` with `d = y - z`, the mean over the outputs (Koenker & Bassett, 1978).

    It is least where `z` is the `q` quantile of the labels: of ten labels, `q = 0.9` wants nine
    below it. With `q = 0.5` it is half the mean absolute error, and `z` a median. Also called
    pinball loss; the second document names it. For another `q` in `fit`, give
    `losses.Configured(losses.quantile, q=0.9)`.

    Raises:
        InputError: `q` is not above 0 and below 1.

    Shapes:
        `(batch, outputs)` twice -> `(batch,)`.

    >>> print(quantile([10.0, 10.0], [8.0, 12.0], q=0.9).numpy())  # too low costs more
    [1.8 0.2]
    """
    if not is_real(q) or not 0 < q < 1:
        raise InputError(f"quantile takes a q above 0 and below 1, and got {q!r}")
    y, z = aligned(y_true, y_pred)
    d = y - z
    return mean_over_outputs(ops.maximum(q * d, (q - 1) * d))


def _huber(d: Tensor, delta: float) -> Tensor:
    size = ops.abs(d)
    return ops.where(size < delta, 0.5 * ops.square(d), delta * (size - 0.5 * delta))
