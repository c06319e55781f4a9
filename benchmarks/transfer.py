"""Exercise 9 of the reference notebook on all of MNIST: what each stage of transfer brings.

    python benchmarks/transfer.py [--seeds 1 2 3 4 5]

A line a seed, then the mean beside what the notebook stored; `dnn_tf.experiments.exercise_9` is the
run. Needs full MNIST for numbers that can be compared.
"""

import argparse
import os
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import dnn_tf
from dnn_tf.experiments.exercise_9 import REFERENCE, exercise_9, learn_low_digits


def main() -> None:
    """Trains and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--data", default="mnist", help="mnist or mnist-sample (mnist)")
    parser.add_argument("--per-class", type=int, default=100, help="images of each digit (100)")
    options = parser.parse_args()

    data = dnn_tf.data.load(options.data)
    runs = []
    for seed in options.seeds:
        low = learn_low_digits(data, seed=seed)
        runs.append(exercise_9(data, low, per_class=options.per_class, seed=seed))
        print(f"seed {seed}: {_told(runs[-1])}", flush=True)
    means = {name: statistics.mean(run[name] for run in runs) for name in runs[0]}
    spread = {
        name: max(run[name] for run in runs) - min(run[name] for run in runs) for name in means
    }
    print(f"mean:   {_told(means)}")
    print(f"spread: {_told(spread)}")
    print(f"stored: {_told(REFERENCE)}")


def _told(found: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in found.items())


if __name__ == "__main__":
    main()
