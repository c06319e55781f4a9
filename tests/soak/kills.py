"""Kills a training at random moments, lets it go on, and compares every bit with one left alone.

`python tests/soak/kills.py --kills 100`: half of the kills (SIGKILL) fall anywhere, from shortly
before the first step to the end, half inside the writing of a checkpoint. The training has dropout,
batch norm, Adam, an average of the weights, a learning rate that falls with the validation loss and
early stopping, and writes a checkpoint after every compiled call and every epoch.
"""

import argparse
import hashlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

import dnn_tf
from dnn_tf import losses, models, optimizers
from dnn_tf.training import Checkpoints

BEGINS, ENDS, DONE = b"<", b">", b"."
LIMIT_SECONDS = 120


def train(folder: Path, jit_compile: bool) -> str:
    """The SHA-256 of all that a training leaves in its variables and tells of its epochs."""
    keras.utils.set_random_seed(7)
    data = dnn_tf.data.load("mnist-sample")
    model = models.dnn(hidden=(100, 50), dropout=0.2, batch_norm=True)
    history = dnn_tf.fit(
        model,
        data,
        loss=losses.sparse_softmax_cross_entropy,
        optimizer=optimizers.Adam(0.003, use_ema=True, ema_momentum=0.9),
        epochs=10,
        batch_size=50,
        callbacks=[
            keras.callbacks.ReduceLROnPlateau(patience=1, min_delta=0.2),
            keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True),
        ],
        seed=7,
        checkpoint=Checkpoints(folder, seconds=0),
        jit_compile=jit_compile,
        progress=False,
    )
    digest = hashlib.sha256()
    for variable in [*model.variables, *model.optimizer.variables]:
        digest.update(np.ascontiguousarray(keras.ops.convert_to_numpy(variable)).tobytes())
    told = {name: values for name, values in history.history.items() if name != "seconds"}
    digest.update(repr(told).encode())
    return digest.hexdigest()


@dataclass
class Outcome:
    """What a process said before it ended: when a writing began and ended, and its result."""

    events: bytes
    result: str
    first: float  # seconds until it began to write its first checkpoint
    seconds: float  # until it ended

    @property
    def inside_a_writing(self) -> bool:
        return self.events.endswith(BEGINS)


def run(folder: Path, jit_compile: bool, kill: Callable[[int, float], bool] | None) -> Outcome:
    """Trains in a process of its own, forked before TensorFlow has begun anything.

    Args:
        folder: of the checkpoints.
        jit_compile: whether under XLA.
        kill: is asked all the time, with the number of writings begun and the time of the last
            event or of the start; `True` kills. `None`: never.
    """
    reading, writing = os.pipe()
    started = time.monotonic()
    process = os.fork()
    if process == 0:
        _child(folder, jit_compile, writing)
    os.close(writing)
    os.set_blocking(reading, False)
    heard, last, first = b"", started, LIMIT_SECONDS
    while True:
        try:
            more = os.read(reading, 65536)
        except BlockingIOError:
            more = None
        if more == b"":  # the process has ended
            break
        if more:
            heard, last = heard + more, time.monotonic()
            first = min(first, last - started)
        if kill is not None and kill(heard.count(BEGINS), last):
            os.kill(process, signal.SIGKILL)
            kill = None
        if time.monotonic() - started > LIMIT_SECONDS:
            os.kill(process, signal.SIGKILL)
            raise RuntimeError(f"no end within {LIMIT_SECONDS} s")
        time.sleep(0.0002)
    os.close(reading)
    os.waitpid(process, 0)
    events, _, result = heard.partition(DONE)
    return Outcome(events, result.decode(), first, time.monotonic() - started)


def _child(folder: Path, jit_compile: bool, pipe: int) -> None:
    write = Checkpoints.write

    def told(self: Checkpoints, *arguments: object) -> None:
        os.write(pipe, BEGINS)
        write(self, *arguments)
        os.write(pipe, ENDS)

    Checkpoints.write = told
    code = 1
    try:
        os.write(pipe, DONE + train(folder, jit_compile).encode())
        code = 0
    finally:
        os._exit(code)


def soak(
    kills: int, jit_compile: bool, seed: int = 0, report: Callable[[str], None] = print
) -> int:
    """Kills so often, every second time inside a writing; returns how many ended with other bits.

    Raises:
        RuntimeError: a training that was left alone, or went on, came to no end.
    """
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as root:
        alone = run(Path(root) / "alone", jit_compile, None)
        if not alone.result:
            raise RuntimeError("a training that nobody killed came to no end")
        report(
            f"alone: {alone.events.count(ENDS)} checkpoints in {alone.seconds:.1f} s, "
            f"{alone.result[:16]}"
        )
        wrong = 0
        for number in range(kills):
            folder = Path(root) / str(number)
            inside = number % 2 == 1
            killed = _killed(folder, jit_compile, inside, alone, rng)
            left = sorted(path.name for path in folder.glob("*") if path.name != "best")
            again = run(folder, jit_compile, None)
            same = again.result == alone.result
            wrong += not same
            report(
                f"{number + 1:4} killed {'in a writing' if inside else 'anywhere':12} after "
                f"{killed.seconds:5.2f} s and {killed.events.count(ENDS):3} checkpoints, "
                f"{len(left)} left: {'the same bits' if same else 'OTHER BITS ' + again.result}"
            )
        report(f"{kills} kills, {wrong} ended with other bits")
    return wrong


def _killed(
    folder: Path, jit_compile: bool, inside: bool, alone: Outcome, rng: np.random.Generator
) -> Outcome:
    """A training that was killed as was asked; tried again where the kill came too late."""
    while True:
        if inside:
            which = rng.integers(1, alone.events.count(BEGINS) + 1)
            kill = _in_writing(int(which), rng.uniform(0, 0.012))
        else:
            kill = _at(time.monotonic() + rng.uniform(0.8 * alone.first, alone.seconds))
        outcome = run(folder, jit_compile, kill)
        if not outcome.result and (outcome.inside_a_writing or not inside):
            return outcome
        shutil.rmtree(folder, ignore_errors=True)


def _in_writing(which: int, delay: float) -> Callable[[int, float], bool]:
    return lambda begun, last: begun >= which and time.monotonic() - last >= delay


def _at(moment: float) -> Callable[[int, float], bool]:
    return lambda begun, last: time.monotonic() >= moment


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-jit", action="store_true", help="a graph without XLA: faster")
    options = parser.parse_args()
    return soak(options.kills, not options.no_jit, options.seed)


if __name__ == "__main__":
    sys.exit(main())
