"""Seconds for 20 epochs of the output layer: frozen outputs cached, not cached, and `model.fit`.

    python -m benchmarks.fine_tuning [--rounds 5] [--data mnist]

A 5x100 ELU network of digits 0 to 4, put to work on 5 to 9 with only its output layer trained, in
batches of 20 with Adam, the validation images measured after every epoch: on 100 images of each
digit, on 4,900 (whole batches), and on all (whose last batch is smaller and is compiled by itself).
Each call is timed whole, with compilation, and where it is cached with the one run of the frozen
layers. The three take turns, and the medians count. Last, `runs.finetune`
of 500 images from the opened network to the saved one, with all its stages and figures.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras

import dnn_tf
from dnn_tf import losses, optimizers, runs, transfer
from dnn_tf.data import Dataset, select
from dnn_tf.experiments.exercise_9 import HIDDEN, HIGH, LOW, network

EPOCHS, BATCH, RATE = 20, 20, 0.003


def with_model_fit(model: keras.Model, data: Dataset) -> None:
    """Keras' own, on the same network with `trainable = False` below its output layer."""
    model.compile(
        keras.optimizers.Adam(RATE),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    held_out = (data.validation.x, data.validation.y)
    model.fit(
        data.train.x, data.train.y, batch_size=BATCH, epochs=EPOCHS, verbose=0,
        validation_data=held_out,
    )  # fmt: skip


def uncached(model: keras.Model, data: Dataset) -> None:
    """`dnn_tf.fit` on the whole network."""
    dnn_tf.fit(
        model, data, loss=losses.sparse_softmax_cross_entropy, optimizer=optimizers.Adam(RATE),
        epochs=EPOCHS, batch_size=BATCH, progress=False,
    )  # fmt: skip


def cached(model: keras.Model, data: Dataset) -> None:
    """`dnn_tf.fit` on what the frozen layers give, once."""
    head, outputs, _ = transfer.cache_frozen(model, data)
    uncached(head, outputs)


WAYS: dict[str, Callable[[keras.Model, Dataset], None]] = {
    "cached": cached, "uncached": uncached, "model.fit": with_model_fit,
}  # fmt: skip


def timed(low: keras.Model, data: Dataset, rounds: int) -> dict[str, list[float]]:
    """Seconds of each way, in every round."""
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            model = transfer.reuse(low, len(HIGH))
            began = time.perf_counter()
            way(model, data)
            seconds[name].append(time.perf_counter() - began)
    return seconds


def measure(data: Dataset, per_class: list[int], rounds: int) -> list[dict[str, Any]]:
    """For so many images of each digit, and for all: the rows, and the seconds of each way."""
    low = network(HIDDEN, data.train.x.shape[1])
    dnn_tf.fit(
        low, select(data, classes=LOW), loss=losses.sparse_softmax_cross_entropy,
        optimizer=optimizers.Adam(0.0005), epochs=1, batch_size=BATCH, progress=False,
    )  # fmt: skip
    sets = [select(data, classes=HIGH, per_class=n) for n in (*per_class, None)]
    return [{"rows": len(few.train), "seconds": timed(low, few, rounds)} for few in sets]


def finetune_seconds(data: Dataset) -> float:
    """From the opened `saved_models/mnist` to another saved network."""
    with tempfile.TemporaryDirectory() as folder:
        saved = dnn_tf.save(dnn_tf.models.dnn(), Path(folder) / "first")
        began = time.perf_counter()
        runs.finetune(
            saved, runs.FineTuneSettings("given"), data=data, out=Path(folder) / "out",
            run_dir=Path(folder) / "run", progress=False,
        )  # fmt: skip
        return time.perf_counter() - began


def main() -> None:
    """Times and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="of each way (5)")
    parser.add_argument("--data", default="mnist", help="mnist or mnist-sample (mnist)")
    parser.add_argument(
        "--per-class", type=int, nargs="+", default=[100, 4900], metavar="N",
        help="images of each digit; all of them are timed too (100 4900)",
    )  # fmt: skip
    options = parser.parse_args()

    mnist = dnn_tf.data.load(options.data)
    for found in measure(mnist, options.per_class, options.rounds):
        print(f"{found['rows']} training images, {EPOCHS} epochs, median of {options.rounds}")
        medians = {n: statistics.median(s) for n, s in found["seconds"].items()}
        for name, median in medians.items():
            print(f"  {name:10} {median:8.3f} s  {median / medians['cached']:6.1f} times")
    few = select(mnist, classes=HIGH, per_class=options.per_class[0])
    seconds = [finetune_seconds(few) for _ in range(options.rounds)]
    print(f"finetune of {len(few.train)} images: {statistics.median(seconds):.1f} s")


if __name__ == "__main__":
    main()
