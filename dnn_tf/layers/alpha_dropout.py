"""Dropout for SELU."""

from typing import Any

import keras
from keras import ops

from dnn_tf.activations.rectified import SELU_ALPHA, SELU_SCALE
from dnn_tf.arguments import check_between
from dnn_tf.layers.random_layer import RandomLayer
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class AlphaDropout(RandomLayer):
    """`a (x kept + low (1 - kept)) + b` in training: what is dropped becomes SELU's lowest value.

    Klambauer et al. (2017). `low = -scale * alpha` is where SELU saturates. With
    `a = ((1 - rate) (1 + rate low^2))^(-1/2)` and `b = -a rate low` an input of mean 0 and variance
    1 stays so; plain dropout would spread it.

    Args:
        rate: the share that is dropped, from 0 up to and without 1.
        seed: see `RandomLayer`.

    Shapes:
        any -> the same.

    >>> x = keras.random.normal((1, 100_000), seed=1)
    >>> y = AlphaDropout(0.3, seed=2)(x, training=True)
    >>> abs(round(float(ops.mean(y)), 1)), round(float(ops.std(y)), 1)
    (0.0, 1.0)
    """

    def __init__(self, rate: float = 0.1, seed: int | None = None, **kwargs: Any):
        super().__init__(seed, **kwargs)
        check_between(0, 1, rate=rate)
        self.rate = rate

    def in_training(self, x: Tensor) -> Tensor:
        low = -SELU_SCALE * SELU_ALPHA
        a = ((1 - self.rate) * (1 + self.rate * low**2)) ** -0.5
        b = -a * self.rate * low
        draw = keras.random.uniform(ops.shape(x), seed=self.seed_generator)
        return a * ops.where(draw >= self.rate, x, low * ops.ones_like(x)) + b

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rate": self.rate}
