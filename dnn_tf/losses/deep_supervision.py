"""One loss over several outputs for the same labels."""

from collections.abc import Sequence

import keras

from dnn_tf.alignment import check_heads
from dnn_tf.losses.configured import Configured
from dnn_tf.types import InputError, Measure, Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
def over_heads(y_true: Tensor, y_pred: Tensor, loss: Measure, weights: Sequence[float]) -> Tensor:
    """`sum_h weights_h loss(y, z_h)`; see `deep_supervision`.

    Shapes:
        `(batch,)`, `(batch, heads, classes)` -> `(batch,)`.
    """
    check_heads(y_pred)
    if y_pred.shape[1] != len(weights):
        raise InputError(
            f"deep_supervision has {len(weights)} weights, and the model {y_pred.shape[1]} heads: "
            "give one weight a head, the network's own output first"
        )
    per_example = loss.call if isinstance(loss, keras.losses.Loss) else loss
    return sum(w * per_example(y_true, y_pred[:, h]) for h, w in enumerate(weights))


def deep_supervision(loss: Measure, weights: Sequence[float]) -> Configured:
    """`sum_h weights_h loss(y, z_h)` over the heads of `models.with_auxiliary_outputs`.

    Shallow layers so get a gradient of their own, the fourth document's last remedy against
    vanishing ones. GoogLeNet (Szegedy et al., 2014) gives its two auxiliary outputs 0.3 each, and
    its own 1.

    Args:
        loss: of one output, `(labels, outputs) -> (batch,)`.
        weights: one a head; the first is that of the network's own output.

    Returns:
        A loss for outputs of the shape `(batch, heads, classes)`.

    >>> from dnn_tf.losses import squared_error
    >>> loss = deep_supervision(squared_error, weights=(1.0, 0.3))
    >>> z = keras.ops.array([[[1.0], [2.0]]])  # a row, two heads, one output
    >>> print(loss([[0.0]], z).numpy())  # 1 + 0.3 * 4
    2.2
    """
    return Configured(over_heads, name="deep_supervision", loss=loss, weights=tuple(weights))
