"""From TF_CONFIG, or from the GPUs of this machine, to a strategy of `tf.distribute`."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf
from tensorflow.python.eager import context

from dnn_tf.arguments import check_above_0, check_positive
from dnn_tf.types import InputError
from dnn_tf.workers.cluster import Cluster, read_cluster
from dnn_tf.workers.line import Line
from dnn_tf.workers.meeting import meet
from dnn_tf.workers.team import ALONE, Team
from dnn_tf.workers.watcher import watched

Strategy = Any  # TensorFlow ships no types

_made: list[tuple[Cluster, Strategy, Team]] = []


def strategy(seconds: float = 60.0) -> Strategy:
    """What the workers named in TF_CONFIG train under, once they all are there.

    Call it before anything else of TensorFlow is used, and build model and optimiser within its
    `scope()`, in each of the processes; then `dnn_tf.fit` trains as it does alone. It is a
    `tf.distribute.MultiWorkerMirroredStrategy`, over all GPUs of each worker, or its CPU. A second
    call returns the same.

    Args:
        seconds: in which all workers must have come.

    Raises:
        InputError: TF_CONFIG cannot be meant so (see `workers.read_cluster`), the port of this
            worker is in use, or TensorFlow has begun its work already.
        PeerError: workers are missing after that time (they are named), or have another cluster or
            other versions.
    """
    check_above_0(seconds=seconds)
    cluster = read_cluster()
    if _made:
        if _made[0][0] != cluster:
            raise InputError("TF_CONFIG has changed since this process joined its job: start anew")
        return _made[0][1]
    if context.context()._context_handle is not None:
        raise InputError(
            "TensorFlow has begun its work, and workers meet before: call workers.strategy() "
            "first, and make models and tensors after it"
        )
    team, channels = ALONE, {}
    if len(cluster.names) > 1:
        channels = meet(cluster, _job(cluster), seconds)
        team = Line(cluster, channels, _abort)
    with team.at_work(), watched(channels.values(), seconds), _signals_as_they_are():
        made = tf.distribute.MultiWorkerMirroredStrategy()
    _made.append((cluster, made, team))
    return made


def gpus(count: int | str = "all") -> Strategy:
    """What the GPUs of this machine train under, together.

    Args:
        count: how many, the first ones; `"all"`: as many as TensorFlow sees.

    Returns:
        A `tf.distribute.MirroredStrategy`; for one GPU TensorFlow's default, under which XLA
        compiles the steps.

    Raises:
        InputError: there are fewer.
    """
    found = len(tf.config.list_physical_devices("GPU"))
    if count != "all":
        if isinstance(count, str):
            raise InputError(f"gpus is a whole number or 'all', and got {count!r}")
        check_positive(gpus=count)
    wanted = max(found, 1) if count == "all" else int(count)
    if found < wanted:
        asked = "all GPUs were" if count == "all" else f"{wanted} GPUs were"
        raise InputError(
            f"{asked} asked for, and TensorFlow sees {found or 'none'}: ask for fewer, or install "
            "dnn-tf[gpu] and a driver"
        )
    if wanted == 1:
        return tf.distribute.get_strategy()
    return tf.distribute.MirroredStrategy([f"GPU:{number}" for number in range(wanted)])


def team_of(strategy: Strategy | None = None) -> Team:
    """Who trains under a strategy: a `Team` of one but for that of `workers.strategy`.

    Args:
        strategy: any. `None`: the one in whose scope this is called.

    Raises:
        InputError: it is of several workers, and was not made by `workers.strategy`.

    >>> team_of().is_chief
    True
    """
    strategy = strategy or tf.distribute.get_strategy()
    for _, made, team in _made:
        if made is strategy:
            return team
    if getattr(strategy.extended, "_num_workers", 1) > 1:
        raise InputError(
            "fit trains on several workers under dnn_tf.workers.strategy() only, which sees to it "
            f"that they agree, and got {type(strategy).__name__}"
        )
    return ALONE


def _job(cluster: Cluster) -> dict[str, Any]:
    """What must be the same on all workers."""
    import dnn_tf

    return {
        "cluster": list(cluster.addresses),
        "dnn_tf": dnn_tf.__version__,
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
    }


def _abort(reason: str) -> None:
    context.context().abort_collective_ops(tf.errors.UNAVAILABLE, reason)


@contextmanager
def _signals_as_they_are() -> Iterator[None]:
    """TensorFlow's coordination takes SIGTERM for itself, and does nothing with it."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    if before is not None and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, before)
