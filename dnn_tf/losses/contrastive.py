"""A loss for the distance of two examples."""

import keras
from keras import ops

from dnn_tf.alignment import aligned, sum_over_outputs
from dnn_tf.arguments import check_above_0
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
def contrastive(y_true: Tensor, y_pred: Tensor, margin: float = 1.0) -> Tensor:
    """`y d^2 + (1 - y) max(0, margin - d)^2` for a distance `d` (Hadsell et al., 2006).

    Pairs that belong together (`y = 1`) are drawn to one point; others (`y = 0`) are pushed until
    `margin` lies between them. The paper has `y` the other way round, and a half before each term;
    the second document gives only the name.

    Args:
        y_true: 1 for a pair of one kind, 0 for a pair of two.
        y_pred: the distance between the two, 0 or more.
        margin: how far apart is far enough. Default 1.

    Raises:
        InputError: `margin` is not above 0.

    Shapes:
        `(batch,)` or `(batch, 1)` twice -> `(batch,)`.

    >>> contrastive([1, 0, 0], [0.5, 0.5, 2.0]).numpy().tolist()
    [0.25, 0.25, 0.0]
    """
    check_above_0(margin=margin)
    y, d = aligned(y_true, y_pred)
    together = y * ops.square(d)
    apart = (1 - y) * ops.square(ops.maximum(0.0, margin - d))
    return sum_over_outputs(together + apart)
