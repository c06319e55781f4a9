"""The generators that belong to nobody: Python's, NumPy's and Keras'.

A layer without a seed of its own, or a callback, may draw from them.
"""

import random
from typing import Any

import keras
import numpy as np
from keras.src.random.seed_generator import global_seed_generator


def randomness() -> dict[str, Any]:
    """Their states, as plain values."""
    generator = global_seed_generator()  # made at its first use, with a number of Python's
    return {
        "python": random.getstate(),
        "numpy": np.random.get_state(),
        "keras": np.array(keras.ops.convert_to_numpy(generator.state)),
    }


def set_randomness(states: dict[str, Any]) -> None:
    """Puts them where they were."""
    random.setstate(states["python"])
    np.random.set_state(states["numpy"])
    global_seed_generator().state.assign(states["keras"])
