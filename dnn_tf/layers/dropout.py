"""Dropout."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_between
from dnn_tf.layers.random_layer import RandomLayer
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class Dropout(RandomLayer):
    """`x * kept / (1 - rate)` in training, where each entry of `kept` is 0 with probability `rate`.

    Srivastava et al. (2014). Every batch trains another thinned network; dividing by `1 - rate`
    keeps the mean, so that in use nothing needs to be done. Beside SELU take `AlphaDropout`.

    Args:
        rate: the share that is dropped, from 0 up to and without 1. The document gives none; the
            reference notebook has 0.5.
        seed: see `RandomLayer`.

    Shapes:
        any -> the same.

    >>> x = ops.ones((1, 1000))
    >>> sorted(set(Dropout(0.5, seed=1)(x, training=True).numpy().ravel().tolist()))
    [0.0, 2.0]
    """

    def __init__(self, rate: float = 0.5, seed: int | None = None, **kwargs: Any):
        super().__init__(seed, **kwargs)
        check_between(0, 1, rate=rate)
        self.rate = rate

    def in_training(self, x: Tensor) -> Tensor:
        draw = keras.random.uniform(ops.shape(x), seed=self.seed_generator)
        return ops.where(draw >= self.rate, x / (1 - self.rate), ops.zeros_like(x))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rate": self.rate}
