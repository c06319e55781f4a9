"""Reuse: a trained network trained on, its lower layers under new ones, frozen, and cached.

The first document: keep the lower layers of a trained network, train the upper ones, and compute
what the frozen layers give once instead of in every epoch; that makes training much faster. The
notebook of chapter 11 of the book that it follows (handson-ml, TensorFlow 1.15, seed 42) does so
with its clipped network, 784-300-50-50-50-50-10 (cell 80): by 20 more epochs of gradient descent at
0.01 on MNIST, in batches of 200,

- of the whole network, still clipped, restored from its graph (cell 102) or built by the same code
  (cell 106);
- of hidden layers 1 to 3 under a new one of 20 neurons and a new output, all of it trained (cells
  110 and 114);
- of the same with layers 1 and 2 frozen, by a list of variables (cell 130) or by `stop_gradient`
  (cell 135);
- and with what layer 2 gives cached (cell 139): it stored the accuracies of cell 135 again, digit
  for digit.

The two cells of a pair train the same network from other draws; here each has a seed of its own.
Caching takes the same steps from the same start: only the rounding of float32 may differ, where a
matrix is multiplied in other pieces.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf import plots, transfer
from dnn_tf.experiments.chapter_10 import restored
from dnn_tf.experiments.chapter_11 import RUNS
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.reference_run import ReferenceRun
from dnn_tf.experiments.rows import Row, at_most
from dnn_tf.experiments.setting import Setting
from dnn_tf.gradients import clip_by_value
from dnn_tf.optimizers import GradientDescent

BASE = RUNS["clipping"]
SAME = 1e-5
MUCH = 1.5
"""So many times as fast is much faster."""

NEW = "the notebook's own two draws are 0.010 apart in epoch 0"
FROZEN = (
    "on a network of seed 1, which has 0.9584 itself, two draws came to 0.8986 and 0.9174 in epoch "
    "0 and to 0.9550 and 0.9580 in epoch 19"
)

History: TypeAlias = dict[str, list[float]]


def trained_on(base: keras.Model) -> keras.Model:
    """A network made by the same code, with its weights."""
    network = BASE.make_model()
    network.set_weights(base.get_weights())
    return network


def on_top(base: keras.Model, frozen: int = 0) -> keras.Model:
    """Hidden layers 1 to 3 of the network under new ones, with so many of them frozen."""
    network = transfer.reuse(
        base, 10, keep=3, new_hidden=(20,), freeze=False, layer=keras.layers.Dense,
        kernel_initializer="glorot_uniform", output_initializer="glorot_uniform",
    )  # fmt: skip
    if frozen:
        transfer.freeze(network, frozen)
    return network


def runs(base: keras.Model, setting: Setting) -> dict[str, tuple[int, ReferenceRun]]:
    """Each cell, and how far its seed is from the first."""

    def run(
        cell: int, stored: Mapping[int, float], make_model: Callable[[], keras.Model], quick: bool,
        otherwise: str = "", **words: Any,
    ) -> ReferenceRun:  # fmt: skip
        return replace(
            _scaled(BASE, setting), cell=cell, stored=stored, tolerance=0.003,
            make_model=make_model, words=words, quick_epochs=3 if quick else None, quick_floor=0.8,
            otherwise=otherwise,
        )  # fmt: skip

    clip = clip_by_value(1.0)
    return {
        "continued, restored": (0, run(
            102, {0: 0.9636, 19: 0.9712}, lambda: restored(base), True, clip=clip,
        )),
        "continued, from code": (1, run(
            106, {0: 0.9642, 19: 0.9708}, lambda: trained_on(base), False, clip=clip,
        )),
        "new layers on 3": (0, run(
            110, {0: 0.9126, 10: 0.9634, 19: 0.9678}, lambda: on_top(base), True, NEW,
        )),
        "new layers on 3, again": (1, run(
            114, {0: 0.9024, 10: 0.9626, 19: 0.9678}, lambda: on_top(base), False, NEW,
        )),
        "2 frozen, by list": (0, run(
            130, {0: 0.8964, 10: 0.9562, 19: 0.9602}, lambda: on_top(base, 2), False, FROZEN,
        )),
        "2 frozen": (1, run(
            135, {0: 0.902, 10: 0.957, 19: 0.958}, lambda: on_top(base, 2), True, FROZEN,
        )),
        "2 frozen, cached": (1, run(
            139, {0: 0.902, 10: 0.957, 19: 0.958}, lambda: on_top(base, 2), True, FROZEN,
        )),
    }  # fmt: skip


def reproduce(setting: Setting) -> Outcome:
    """Trains the network of cell 80, and all that is built on it."""
    first = _scaled(BASE, setting)
    base = first.network(setting.seed)
    histories = {"base": first.train(setting, base)}
    networks = {}
    rows = first.rows("base", histories["base"]["val_accuracy"], setting)
    for name, (more, run) in runs(base, setting).items():
        seed = setting.seed + more
        history: History = {"val_accuracy": []}
        if not setting.quick or run.quick_epochs:
            networks[name] = model = run.network(seed)
            words: dict[str, Any] = {}
            if name == "2 frozen, cached":
                model, words["data"], _ = transfer.cache_frozen(model, setting.data)
            histories[name] = history = run.train(setting, model, seed=seed, **words)
        rows += run.rows(name, history["val_accuracy"], setting)
    whole, cached = "2 frozen", "2 frozen, cached"
    speed = pace(histories[whole]) / pace(histories[cached])
    rows += [
        at_most(
            "cached, largest difference of a weight", difference(networks[whole], networks[cached]),
            SAME,
        ),
        at_most(
            "cached, epochs with another validation accuracy",
            differing(histories[whole]["val_accuracy"], histories[cached]["val_accuracy"]), 0,
        ),
        Row("an epoch without the cache, over one with it, in time", speed),
    ]  # fmt: skip
    return Outcome(rows, _figure(histories), [_claim(speed)])


def pace(history: History) -> float:
    """Seconds an epoch, but for the first, which compiles."""
    return statistics.median(history["seconds"][1:])


def difference(one: keras.Model, other: keras.Model) -> float:
    """The largest between two weights in the same place."""
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return max(float(np.max(np.abs(a - b))) for a, b in pairs)


def differing(one: Sequence[float], other: Sequence[float]) -> float:
    """In how many places they are not the same."""
    return float(sum(a != b for a, b in zip(one, other, strict=True)))


def _scaled(run: ReferenceRun, setting: Setting) -> ReferenceRun:
    """The same; on the sample with larger and more steps, for it has few rows."""
    rate = setting.choose(0.01, 0.1)
    return replace(
        run, make_optimizer=lambda: GradientDescent(rate),
        batch_size=setting.choose(run.batch_size, 20), quick_epochs=4, quick_floor=0.8,
    )  # fmt: skip


def _claim(speed: float) -> Claim:
    return Claim(
        "The first document: to compute what the frozen layers give once makes training much "
        "faster.",
        speed >= MUCH,
        f"an epoch was {speed:.1f} times as fast.",
    )


def _figure(histories: Mapping[str, History]) -> Figure:
    shown = ("continued, restored", "new layers on 3", "2 frozen", "2 frozen, cached")
    accuracies = {name: histories[name]["val_accuracy"] for name in shown}
    seconds = {name: histories[name]["seconds"][1:] for name in shown[-2:]}
    return plots.lines(
        plots.Panel(
            {name: (range(len(values)), values) for name, values in accuracies.items()},
            x="epoch", y="validation accuracy", title="Trained on, under new layers, frozen",
        ),
        plots.Panel(
            {name: (range(1, len(values) + 1), values) for name, values in seconds.items()},
            x="epoch", y="seconds an epoch", title="Frozen layers computed every time, or once",
        ),
        title="784-300-50-50-50-50-10 on MNIST, reused",
    )  # fmt: skip
