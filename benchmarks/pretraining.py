"""Pretraining on all of MNIST: pairs of digits, and learning without labels.

    python benchmarks/pretraining.py [--seeds 42 1 2] [--runs pairs labels] [--data mnist]

The first table sets exercise 10 of the reference notebook beside its stored results; the second
compares starts with few labels, as found. Needs full MNIST for numbers that can be compared; the
runs are `dnn_tf.experiments.exercise_10` and `few_labels`.
"""

import argparse
import os
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import dnn_tf
from dnn_tf.experiments.exercise_10 import REFERENCE, TOLERANCE, exercise_10
from dnn_tf.experiments.few_labels import few_labels


def main() -> None:
    """Trains and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[42, 1, 2, 3, 4])
    parser.add_argument("--runs", nargs="+", choices=["pairs", "labels"], default=None)
    parser.add_argument("--data", default="mnist", help="mnist or mnist-sample (mnist)")
    parser.add_argument("--per-class", type=int, default=100, help="labels a class (100)")
    options = parser.parse_args()

    data = dnn_tf.data.load(options.data)
    runs = options.runs or ["pairs", "labels"]
    if "pairs" in runs:
        pairs_table(data, options.seeds)
    if "labels" in runs:
        labels_table(data, options.seeds, options.per_class)


def pairs_table(data: dnn_tf.data.Dataset, seeds: list[int]) -> None:
    """Exercise 10, a line a seed."""
    print(f"exercise 10, {len(data.train)} training images of {data.source}; test accuracy")
    print("reference: " + ", ".join(f"{name} {value}" for name, value in REFERENCE.items()))
    for seed in seeds:
        found = exercise_10(data, seed=seed)
        told = [f"{name} {value:.4f}{_verdict(name, value)}" for name, value in found.items()]
        print(f"  seed {seed}: {', '.join(told)}", flush=True)


def _verdict(name: str, value: float) -> str:
    if name not in REFERENCE:
        return ""
    return " within" if abs(value - REFERENCE[name]) <= TOLERANCE[name] else " OUTSIDE"


def labels_table(data: dnn_tf.data.Dataset, seeds: list[int], per_class: int) -> None:
    """Few labels: mean and deviation over the seeds, stopped early and after the last epoch."""
    runs = []
    for seed in seeds:
        runs.append(few_labels(data, seed=seed, per_class=per_class))
        print(f"  seed {seed}: {runs[-1]}", flush=True)
    print(f"{per_class} labels a class, seeds {seeds}; test accuracy, stopped early | at the end")
    for start in runs[0]:
        for training in runs[0][start]:  # "frozen", "fine-tuned"
            cells = [
                _spread([getattr(run[start][training], moment) for run in runs])
                for moment in ("stopped", "last")
            ]
            print(f"  {start + ', ' + training:42} {' | '.join(cells)}")


def _spread(values: list[float]) -> str:
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{statistics.mean(values):.4f} +- {deviation:.4f}"


if __name__ == "__main__":
    main()
