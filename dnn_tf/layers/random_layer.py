"""What the layers that do something random in training share."""

import abc
from typing import Any

import keras

from dnn_tf.types import Tensor


class RandomLayer(keras.Layer, abc.ABC):
    """Random in training, and the same every time in use.

    Args:
        seed: an integer gives the same numbers in every run; `None` draws one from Python's
            generator, which `keras.utils.set_random_seed` starts. Every call draws anew.
    """

    def __init__(self, seed: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.supports_masking = True
        self.built = True

    def call(self, x: Tensor, training: bool = False) -> Tensor:
        return self.in_training(x) if training else self.in_use(x)

    @abc.abstractmethod
    def in_training(self, x: Tensor) -> Tensor:
        """What training makes of it."""

    def in_use(self, x: Tensor) -> Tensor:
        """What everybody else gets: the input as it is."""
        return x

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "seed": self.seed}
