"""What the initialisers that draw weights share."""

import random

import keras

from dnn_tf.arguments import check_whole


class SeededInitializer(keras.initializers.Initializer):
    """An initialiser with a seed.

    Args:
        seed: an integer gives the same weights every time; `None` draws a seed from Python's
            generator at every call (Keras' own initialisers draw it once);
            `keras.utils.set_random_seed` starts that.
    """

    def __init__(self, seed: int | None = None):
        if seed is not None:
            check_whole(0, seed=seed)
        self.seed = None if seed is None else int(seed)

    def draw_seed(self) -> int:
        """The seed of this call."""
        return random.getrandbits(31) if self.seed is None else self.seed

    def get_config(self) -> dict[str, object]:
        return {"seed": self.seed}
