"""RReLU, a leaky ReLU whose slope is drawn anew for every number in training."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import is_real
from dnn_tf.layers.random_layer import RandomLayer
from dnn_tf.types import InputError, Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class RReLU(RandomLayer):
    """`z` where `z > 0`, else `a * z` with `a` from `U(lower, upper)`; in use `a` is their mean.

    Xu et al. (2015), whose `1 / a` comes from `U(3, 8)`. Here the slope itself is uniform, as the
    walkthrough says, by default over the same range, as in PyTorch. Keras has none.

    Args:
        lower: the smallest slope. Default 1/8.
        upper: the largest, at most 1. Default 1/3.
        seed: see `RandomLayer`.

    Shapes:
        any -> the same.

    Raises:
        InputError: not `0 <= lower <= upper <= 1`.

    >>> print(RReLU(0.1, 0.3)(ops.array([[-2.0, 3.0]])).numpy())  # the mean slope is 0.2
    [[-0.4  3. ]]
    """

    def __init__(
        self,
        lower: float = 1 / 8,
        upper: float = 1 / 3,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(seed, **kwargs)
        slopes = [lower, upper]
        if not all(map(is_real, slopes)) or not 0 <= lower <= upper <= 1:
            raise InputError(
                f"RReLU takes slopes with 0 <= lower <= upper <= 1, and got lower={lower!r}, "
                f"upper={upper!r}"
            )
        self.lower = lower
        self.upper = upper

    def in_training(self, x: Tensor) -> Tensor:
        a = keras.random.uniform(
            ops.shape(x), self.lower, self.upper, dtype=x.dtype, seed=self.seed_generator
        )
        return ops.maximum(a * x, x)

    def in_use(self, x: Tensor) -> Tensor:
        return ops.maximum((self.lower + self.upper) / 2 * x, x)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "lower": self.lower, "upper": self.upper}
