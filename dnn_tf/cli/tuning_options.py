"""The options of `tune`.

None has a default here: what is not given is left to `tuning.search`.
"""

import argparse


def add_tuning(parser: argparse.ArgumentParser) -> None:
    """What is tried, how often, and how each is scored."""
    add = parser.add_argument
    add(
        "--space", metavar="MODULE:FUNCTION",
        help="a function of hp in a module or a .py file, which returns runs.Settings or a "
        "compiled Keras model (dnn_tf.tuning:dense_space)",
    )  # fmt: skip
    add(
        "--algorithm", choices=("random", "bayesian", "hyperband", "grid"),
        help="how trials are chosen (bayesian)",
    )  # fmt: skip
    add("--trials", type=int, metavar="N", help="at most so many; give more to go on (20)")
    add(
        "--workers", type=int, metavar="N",
        help="processes for the trials, which share the cores (none: all in this one)",
    )  # fmt: skip
    add("--epochs", type=int, metavar="N", help="of a training, at most (100)")
    add(
        "--patience", type=int, metavar="EPOCHS",
        help="a training ends after so many without a smaller validation loss (10)",
    )  # fmt: skip
    add(
        "--objective", choices=("val_accuracy", "val_loss"),
        help="what decides (val_accuracy)",
    )  # fmt: skip
    add(
        "--folds", type=int, metavar="N",
        help="score on N parts of the training rows in turn (on the validation rows)",
    )  # fmt: skip
    add(
        "--seed", type=int, metavar="N",
        help="of draws, folds, weights and the order of the rows (42)",
    )  # fmt: skip
