"""Trains an epoch of rows on the disk and tells how much memory was resident meanwhile.

    PYTHONPATH=tests python tests/soak/streamed_rows.py --rows 10000000

It writes the rows as TFRecord shards into a temporary folder (784 bytes a row: 8 GB), trains one
epoch in a process of its own, and then as many rows as memory holds easily, to compare the speed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

import dnn_tf
from dnn_tf import losses, models, optimizers
from dnn_tf.data import Split, Stream, stream, write_tfrecords
from dnn_tf.training import EverySteps, stream_windows

CLASSES = 10
BLOCK = 10_000


class Outcome(NamedTuple):
    """What a training took."""

    rows_a_second: float
    """Of the epoch, without the first tenth: that compiles."""
    resident: list[tuple[float, float]]
    """The share of the epoch that was taken, and the MB that were resident there."""

    @property
    def growth(self) -> float:
        """MB by which the memory grew after the first tenth of the epoch, at its highest."""
        after = [mb for share, mb in self.resident if share >= 0.1]
        return max(after) - after[0]


def rows(n: int, features: int) -> Stream:
    """Bytes about the centre of their class, drawn a block at a time."""
    centres = np.random.default_rng(0).integers(64, 192, (CLASSES, features), "int32")

    def block(number):
        seed = tf.stack([number, 7])
        y = tf.random.stateless_uniform([BLOCK], seed, 0, CLASSES, "int64")
        noise = tf.random.stateless_uniform([BLOCK, features], seed, -64, 64, "int32")
        return tf.cast(tf.gather(centres, y) + noise, "uint8"), y

    blocks = tf.data.Dataset.range(-(-n // BLOCK)).map(
        tf.autograph.experimental.do_not_convert(block)
    )
    return Stream.from_dataset(blocks, rows=n, batched=True, scale=255.0, shuffle_rows=0)


def resident_mb() -> float:
    """Of this process."""
    with open("/proc/self/statm") as statm:  # noqa: PTH123
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


class Watch(EverySteps):
    """Notes memory and time, some hundred times in the epoch."""

    def __init__(self, steps: int):
        super().__init__(max(1, steps // 200))
        self.total, self.noted = steps, []

    def act(self, logs):
        self.noted.append((self.steps / self.total, resident_mb(), time.perf_counter()))


def train(data: Stream | Split, batch_size: int, jit_compile: bool, epochs: int = 1) -> Outcome:
    """Some epochs with a network of two hidden layers."""
    keras.utils.set_random_seed(0)
    watch = Watch(epochs * -(-len(data) // batch_size))
    dnn_tf.fit(
        models.dnn(data.x_shape[0], (300, 100), CLASSES),
        data if isinstance(data, Stream) else (data.x, data.y),
        loss=losses.sparse_softmax_cross_entropy,
        optimizer=optimizers.GradientDescent(0.01),
        epochs=epochs,
        batch_size=batch_size,
        callbacks=[watch],
        seed=0,
        jit_compile=jit_compile,
        progress=False,
    )
    settled = [(share, at) for share, _, at in watch.noted if share >= 0.1]
    (first, began), (last, ended) = settled[0], settled[-1]
    speed = (last - first) * epochs * len(data) / (ended - began)
    return Outcome(speed, [(share, mb) for share, mb, _ in watch.noted])


def in_a_process_of_its_own(mode: str, folder: Path, options: argparse.Namespace) -> Outcome:
    """So that the memory of one training says nothing of another."""
    command = [
        sys.executable, __file__, "--mode", mode, "--folder", str(folder), "--rows",
        str(options.rows), "--features", str(options.features), "--batch-size",
        str(options.batch_size), "--window-bytes", str(options.window_bytes),
        *(["--no-jit"] if options.no_jit else []),
    ]  # fmt: skip
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    speed, resident = json.loads(done.stdout.splitlines()[-1])
    return Outcome(speed, [tuple(each) for each in resident])


def soak(options: argparse.Namespace, report: Callable[[str], None] = print) -> Outcome:
    """Writes, trains, and compares."""
    with tempfile.TemporaryDirectory() as root:
        began = time.perf_counter()
        folder = write_tfrecords(rows(options.rows, options.features), Path(root) / "rows")
        size = sum(file.stat().st_size for file in folder.iterdir())
        shards = len(list(folder.glob("*.tfrecord")))
        seconds = time.perf_counter() - began
        report(f"{options.rows:,} rows, {size / 1e9:.2f} GB in {shards} shards: {seconds:.0f} s")
        streamed = in_a_process_of_its_own("stream", folder, options)
        step = max(1, len(streamed.resident) // 20)
        for share, mb in streamed.resident[::step]:
            report(f"{share:6.1%} of the epoch: {mb:6.0f} MB resident")
        report(f"after the first tenth it grew by {streamed.growth:.0f} MB at most")
        if options.alone:
            return streamed
        resident = in_a_process_of_its_own("memory", folder, options)
        share = streamed.rows_a_second / resident.rows_a_second
        report(
            f"{streamed.rows_a_second:,.0f} rows/s from the disk, {resident.rows_a_second:,.0f} "
            f"from memory: {share:.0%}"
        )
    return streamed


def child(options: argparse.Namespace) -> None:
    """One training; what it took, on the last line."""
    stream_windows.WINDOW_BYTES = stream.POOL_BYTES = options.window_bytes
    data = Stream.from_tfrecords(options.folder)
    if options.mode == "stream":
        outcome = train(data, options.batch_size, not options.no_jit)
    else:
        few = min(options.rows, 200_000)
        pieces = [(x.numpy(), y.numpy()) for x, y in _first(data, few)]
        x, y = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
        outcome = train(Split(x, y), options.batch_size, not options.no_jit, epochs=5)
    print(json.dumps(outcome))


def _first(data: Stream, n: int):
    for x, y in data.read(n // 10):
        yield x, y
        n -= len(y)
        if n <= 0:
            return


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--features", type=int, default=784)
    parser.add_argument("--batch-size", type=int, default=50)
    parser.add_argument("--window-bytes", type=int, default=stream.POOL_BYTES)
    parser.add_argument("--alone", action="store_true", help="compare with no memory")
    parser.add_argument("--no-jit", action="store_true", help="a graph without XLA")
    parser.add_argument("--mode", default="all", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    given = make_parser().parse_args()
    if given.mode == "all":
        soak(given)
    else:
        child(given)
