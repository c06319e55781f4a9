"""From one seed to those of everything that is drawn."""

from typing import Any

import keras
import numpy as np

from dnn_tf import initializers
from dnn_tf.arguments import check_seed


def as_seed(seed: Any) -> int:
    """A whole number as Python's own; for `None` one from NumPy's global generator.

    Raises:
        InputError: no whole number, or one that Keras' generators cannot start from.

    >>> as_seed(np.int64(3))
    3
    """
    if seed is None:
        return int(np.random.randint(2**31))
    check_seed(seed=seed)
    return int(seed)


def layer_seeds(seed: int, n_layers: int, uses: int) -> list[list[int]]:
    """So many seeds for each layer, by `numpy.random.SeedSequence`.

    `seed + number` would give the second layer the draws of the first one under the next seed, and
    runs with neighbouring seeds would not be independent. A further layer changes none below it.

    >>> layer_seeds(1, 2, uses=2) == layer_seeds(1, 3, uses=2)[:2]
    True
    """
    drawn = np.random.SeedSequence(seed).generate_state(n_layers * uses)
    return drawn.reshape(n_layers, uses).tolist()


def seeded(initializer: Any, seed: int) -> Any:
    """An initialiser with this seed, where it draws and has none of its own.

    Args:
        initializer: see `initializers.get`. A plain function is left as it is.
        seed: of its draws.

    >>> seeded("he_normal", 3).seed, seeded(keras.initializers.HeNormal(seed=5), 3).seed
    (3, 5)
    """
    start = initializers.get(initializer)
    if not isinstance(start, keras.initializers.Initializer):
        return start
    config = start.get_config()
    if config.get("seed", 0) is not None:  # it does not draw, or has its own
        return start
    return type(start).from_config({**config, "seed": seed})
