"""Noise on what passes, against overfitting."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_between
from dnn_tf.layers.random_layer import RandomLayer
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class GaussianNoise(RandomLayer):
    """`x + e` in training, with `e` from `N(0, stddev^2)` for every number.

    On the inputs it is a way to more data, one of the documents' remedies against overfitting.

    Args:
        stddev: of the noise, in units of the input, 0 or more.
        seed: see `RandomLayer`.

    Shapes:
        any -> the same.

    >>> round(float(ops.std(GaussianNoise(0.2, seed=1)(ops.zeros((1, 10_000)), training=True))), 2)
    0.2
    """

    def __init__(self, stddev: float = 0.1, seed: int | None = None, **kwargs: Any):
        super().__init__(seed, **kwargs)
        check_between(0, float("inf"), stddev=stddev)
        self.stddev = stddev

    def in_training(self, x: Tensor) -> Tensor:
        return x + keras.random.normal(
            ops.shape(x), stddev=self.stddev, dtype=x.dtype, seed=self.seed_generator
        )

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "stddev": self.stddev}
