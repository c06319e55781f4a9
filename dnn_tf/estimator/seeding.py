"""All chance of a training from one `random_state`, and nobody else's generators disturbed."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import keras
import numpy as np
from keras.src.random.seed_generator import global_seed_generator
from sklearn.utils import check_random_state

from dnn_tf.training.randomness import randomness, set_randomness

_ONE_AT_A_TIME = threading.RLock()
"""The generators belong to the process: two threads would take each other's numbers."""


class Seeds(NamedTuple):
    """A seed for each thing that is left to chance.

    Args:
        weights: how they start, and what dropout draws.
        order: of the rows, in `fit`.
        held_out: which rows validate.
        passes: the order of the rows, in `partial_fit`.
    """

    weights: int
    order: int
    held_out: int
    passes: int


def draw_seeds(random_state: Any) -> Seeds:
    """The seeds of one training.

    Args:
        random_state: as everywhere in scikit-learn: a whole number gives the same seeds every
            time, a `RandomState` the next ones, and `None` those of NumPy's own generator.

    >>> draw_seeds(0) == draw_seeds(0), draw_seeds(0) == draw_seeds(1)
    (True, False)
    """
    drawn = check_random_state(random_state).randint(2**31 - 1, size=len(Seeds._fields))
    return Seeds(*map(int, drawn))


@contextmanager
def building(seed: int, dtype: str) -> Iterator[None]:
    """Within, layers draw by that seed and compute in that precision.

    Afterwards the generators of Python, NumPy and Keras stand where they stood, and Keras has the
    precision that it had.
    """
    with _ONE_AT_A_TIME:
        python = random.getstate()  # before Keras may take a number, for a generator of its own
        before = randomness() | {"python": python}
        policy, floatx = keras.config.dtype_policy(), keras.config.floatx()
        try:
            random.seed(seed)
            np.random.seed(seed)
            global_seed_generator().state.assign([seed, 0])
            keras.config.set_floatx(dtype)
            keras.config.set_dtype_policy(dtype)
            yield
        finally:
            keras.config.set_floatx(floatx)
            keras.config.set_dtype_policy(policy)
            set_randomness(before)
