"""What a denoising autoencoder has to see through."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import build_named, check_above_0, check_between
from dnn_tf.layers import GaussianNoise
from dnn_tf.layers.random_layer import RandomLayer
from dnn_tf.types import Tensor

LEVELS = {"gaussian": 0.3, "masking": 0.3}
"""How much, where nothing is said."""


@keras.saving.register_keras_serializable(package="dnn_tf")
class MaskingNoise(RandomLayer):
    """In training each number is 0 with the probability `share` (Vincent et al., 2008).

    It is dropout that leaves the others as they are, since they are to be reconstructed.

    Args:
        share: of the numbers, from 0 up to and without 1.
        seed: see `RandomLayer`.

    Shapes:
        any -> the same.

    >>> masked = MaskingNoise(0.25, seed=1)(ops.ones((1, 10_000)), training=True)
    >>> sorted(set(masked.numpy().ravel().tolist())), bool(0.7 < ops.mean(masked) < 0.8)
    ([0.0, 1.0], True)
    """

    def __init__(self, share: float = 0.3, seed: int | None = None, **kwargs: Any):
        super().__init__(seed, **kwargs)
        check_between(0, 1, share=share)
        self.share = share

    def in_training(self, x: Tensor) -> Tensor:
        """Some of it."""
        draw = keras.random.uniform(ops.shape(x), seed=self.seed_generator)
        return ops.where(draw >= self.share, x, ops.zeros_like(x))

    def get_config(self) -> dict[str, Any]:
        """Its arguments."""
        return {**super().get_config(), "share": self.share}


_LAYERS = {
    "gaussian": lambda level, seed: GaussianNoise(level, seed=seed),
    "masking": lambda level, seed: MaskingNoise(level, seed=seed),
}


def corruption_layer(kind: str, level: float | None, seed: int) -> RandomLayer:
    """The layer that corrupts: Gaussian noise of that deviation, or that share masked.

    Raises:
        InputError: an unknown kind, a level that is none.

    >>> corruption_layer("gaussian", None, seed=1).stddev
    0.3
    """
    level = LEVELS.get(kind) if level is None else level
    if level is not None:
        check_above_0(level=level)
    return build_named("corruption", _LAYERS, kind, {"level": level, "seed": seed})
