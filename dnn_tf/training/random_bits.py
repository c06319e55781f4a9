"""Which generator random numbers come from inside a compiled step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any

import tensorflow as tf

_DRAWS = {
    "stateless_uniform": (tf.random, "alg"),
    "stateless_normal": (tf.random, "alg"),
    "stateless_truncated_normal": (tf.random, "alg"),
    "stateless_dropout": (tf.nn.experimental, "rng_alg"),
}
"""What layers draw with, Keras' own too, and the word by which each takes a generator."""


def drawn_by_threefry(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, to be traced for XLA, with Threefry wherever it leaves the generator open.

    Threefry (Salmon et al. 2011) is made of additions, rotations and exclusive ors, which XLA fuses
    into the layer that asks for the numbers. What TensorFlow chooses for a CPU is Philox in a form
    that XLA does not fuse: on two cores 15,000 numbers, the dropout of 50 rows of 300 units, took
    690 microseconds, more than the rest of the step, and 13 from Threefry. Without XLA TensorFlow
    has no Threefry for a CPU; on a GPU its own choice is fast: there nothing is changed.
    """
    if tf.config.list_physical_devices("GPU"):
        return function

    @wraps(function)
    def traced(*args: Any) -> Any:
        with _threefry():
            return function(*args)

    return traced


@contextmanager
def _threefry() -> Iterator[None]:
    usual = {name: getattr(module, name) for name, (module, _) in _DRAWS.items()}
    for name, (module, word) in _DRAWS.items():
        setattr(module, name, partial(usual[name], **{word: "threefry"}))
    try:
        yield
    finally:
        for name, (module, _) in _DRAWS.items():
            setattr(module, name, usual[name])
