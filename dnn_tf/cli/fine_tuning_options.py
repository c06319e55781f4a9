"""The options of `finetune`.

None has a default here: what is not given is left to `FineTuneSettings`.
"""

import argparse


def add_fine_tuning(parser: argparse.ArgumentParser) -> None:
    """Which layers, how, and how long."""
    add = parser.add_argument
    add(
        "--keep", type=_number_or_name, metavar="N|NAME",
        help="keep the N lowest layers, or those up to NAME (all but the output layer)",
    )  # fmt: skip
    add(
        "--new-hidden", type=int, nargs="*", metavar="N",
        help="neurons of each new hidden layer above them (none)",
    )  # fmt: skip
    add("--activation", metavar="NAME", help="of the new hidden layers (elu)")
    add(
        "--stages", type=int, metavar="N",
        help="at most so many; the first trains the new layers alone (until all are thawed)",
    )  # fmt: skip
    add(
        "--thaw-layers", type=int, metavar="N",
        help="layers that each further stage thaws (by the rows of a class: 1 below 50, 2 below "
        "500, else all)",
    )  # fmt: skip
    add(
        "--no-cache", action="store_false", dest="cache",
        help="run the frozen layers in every epoch, instead of once",
    )  # fmt: skip
    add(
        "--per-class", type=int, metavar="N",
        help="train on N rows of each class, drawn by the seed (all)",
    )  # fmt: skip
    add(
        "--scratch", action="store_true",
        help="train the same network from fresh weights too, to compare",
    )  # fmt: skip
    add("--epochs", type=int, metavar="N", help="of a stage, at most (200)")
    add(
        "--patience", type=int, metavar="EPOCHS",
        help="a stage ends after so many without more validation rows right (20)",
    )  # fmt: skip
    add("--batch-size", type=int, metavar="N", help="rows a step (20)")
    add("--optimizer", metavar="NAME", help="see dnn-tf train (adam)")
    add("--learning-rate", type=float, metavar="ETA", help="of the new layers (0.005)")
    add(
        "--rate-decay", type=float, metavar="SHARE",
        help="the learning rate of a thawed layer over that of the one above it (0.9)",
    )  # fmt: skip
    add(
        "--average-epochs", type=float, metavar="N",
        help="measure and keep the average of the weights over about N epochs (4; 0: none)",
    )  # fmt: skip
    add(
        "--seed", type=int, metavar="N",
        help="of splits, new weights and the order of the rows (42)",
    )  # fmt: skip


def _number_or_name(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdecimal() else text
