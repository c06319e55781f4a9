"""The rate of large products of matrices: what the machine can do with float32."""

import time

import numpy as np
import tensorflow as tf

from benchmarks.data import Data
from benchmarks.peers.tensorflow_here import device, versions
from benchmarks.turn import Turn
from benchmarks.works import Work

__all__ = ["device", "run", "versions"]

SIZE = {"CPU": 4096}
LARGER = 16384
"""On a GPU."""


def run(work: Work, data: Data, turn: Turn) -> None:  # noqa: ARG001
    """One product by TensorFlow and one by NumPy in each turn; the faster one is told.

    Told as seconds a GFLOP, so that its inverse is the rate.
    """
    size = SIZE.get(device(), LARGER)
    rng = np.random.default_rng(0)
    a, b = (rng.normal(size=(size, size)).astype("float32") for _ in "ab")
    u, v = tf.constant(a), tf.constant(b)
    gflops = 2 * size**3 / 1e9
    turn.ready(f"{size} x {size}, the faster of TensorFlow and NumPy")
    while True:
        turn.wait()
        times = [_timed(lambda: float(tf.matmul(u, v)[0, 0]))]
        if device() == "CPU":
            times.append(_timed(lambda: np.matmul(a, b)))
        turn.tell(None, None, min(times) / gflops)


def _timed(product: object) -> float:
    began = time.perf_counter()
    product()  # type: ignore[operator]
    return time.perf_counter() - began
