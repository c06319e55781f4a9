"""Reruns the training runs of chapter 11 and sets them beside the notebook's stored results.

    python benchmarks/chapter_11.py [--seeds 42 1 2] [--runs clipping dropout] [--data mnist]

Needs full MNIST for numbers that can be compared; the runs are in `dnn_tf.experiments.chapter_11`.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import dnn_tf
from dnn_tf.experiments.chapter_11 import RUNS


def main() -> None:
    """Trains and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[42])
    parser.add_argument("--runs", nargs="+", choices=RUNS, default=list(RUNS), metavar="NAME")
    parser.add_argument("--data", default="mnist", help="mnist or mnist-sample (mnist)")
    options = parser.parse_args()

    data = dnn_tf.data.load(options.data)
    print(f"{len(data.train)} training images of {data.source}; validation accuracy")
    for name in options.runs:
        run = RUNS[name]
        print(f"{name}: reference {run.reference} +- {run.tolerance} (cell {run.cell})")
        for seed in options.seeds:
            history = run(data, seed)
            accuracy = history["val_accuracy"]
            within = "within" if abs(accuracy[-1] - run.reference) <= run.tolerance else "OUTSIDE"
            print(
                f"  seed {seed}: {accuracy[-1]:.4f} {within}; first epoch {accuracy[0]:.4f}, "
                f"best {max(accuracy):.4f}; {sum(history['seconds']):.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
