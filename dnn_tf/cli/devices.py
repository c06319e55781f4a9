"""What a training runs on, where that is more than one device."""

import argparse
import sys
from typing import Any

from dnn_tf.cli.quiet import quiet_start

DEVICES = ("workers_from_env", "rendezvous_seconds", "gpus")
"""The names of these options; they are no settings of a run."""


def add_devices(parser: argparse.ArgumentParser) -> None:
    """Several GPUs, or several workers."""
    group = parser.add_argument_group("several devices")
    which = group.add_mutually_exclusive_group()
    which.add_argument(
        "--workers-from-env", action="store_true", default=False,
        help="train with the other workers that TF_CONFIG names; start the command on each, with "
        "its own TF_CONFIG and the same --run-dir; the chief writes, and the same commands again "
        "go on",
    )  # fmt: skip
    which.add_argument(
        "--gpus", type=_count, metavar="N", default=None,
        help="share each step between N GPUs of this machine, or all (one)",
    )  # fmt: skip
    group.add_argument(
        "--rendezvous-seconds", type=float, metavar="S", default=60.0,
        help="how long the workers wait for each other (60)",
    )  # fmt: skip


def _count(text: str) -> int | str:
    try:
        return text if text == "all" else int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"a number or 'all' was expected, and got {text!r}"
        ) from None


def strategy_of(options: argparse.Namespace) -> Any:
    """The strategy of `tf.distribute` that was asked for, or `None`.

    Raises:
        InputError: see `workers.strategy` and `workers.gpus`.
        PeerError: workers are missing.
    """
    from dnn_tf import workers

    if options.workers_from_env:
        with quiet_start():
            return workers.strategy(options.rendezvous_seconds)
    return None if options.gpus is None else workers.gpus(options.gpus)


def tell_workers(strategy: Any) -> bool:
    """Whether this process is to tell what comes out; one that is not says so."""
    from dnn_tf import workers

    team = workers.team_of(strategy)
    if team.is_chief:
        return True
    cluster = workers.read_cluster()
    print(
        f"dnn-tf: {cluster.describe(team.rank)} trains with {cluster.describe(0)}, the chief, "
        "which writes and tells the result.",
        file=sys.stderr,
    )
    return False
