"""Which generator random numbers come from inside a compiled step."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
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


_here = threading.local()
"""What stands in the modules is put there once, and asks in which thread somebody traces."""


@contextmanager
def _threefry() -> Iterator[None]:
    for name, (module, word) in _DRAWS.items():
        usual = getattr(module, name)
        if not getattr(usual, "asks", False):
            setattr(module, name, _asking(usual, word))
    before = getattr(_here, "traces", False)
    _here.traces = True
    try:
        yield
    finally:
        _here.traces = before


def _asking(usual: Callable[..., Any], word: str) -> Callable[..., Any]:
    @wraps(usual)
    def draw(*args: Any, **words: Any) -> Any:
        if getattr(_here, "traces", False) and not tf.executing_eagerly():
            words.setdefault(word, "threefry")
        return usual(*args, **words)

    draw.asks = True  # type: ignore[attr-defined]
    return draw
