"""Depth against width at equal numbers of weights, and funnels against layers of one width.

The first document: deep networks are more parameter-efficient, get along with (exponentially) fewer
neurons, train faster and generalise better; and widths follow a funnel, fewer neurons towards the
outputs. It gives no measurement.

All networks of a group have nearly the same number of weights, `n1 n2 + n2` a pair of layers (the
fourth document's count): the widths are the largest that stay below it. They read MNIST with ReLUs
from He's start, by Adam with a rate of 0.001 in batches of 100, for five epochs. Each number is the
mean over seeds of the validation accuracy, itself the mean of the last three epochs. A network is
called better than another if the difference is more than twice its standard error.
"""

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dnn_tf import models, plots
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least
from dnn_tf.experiments.setting import Setting
from dnn_tf.optimizers import Adam

NARROWEST = 10
"""Of a funnel: its last width."""


def reproduce(setting: Setting) -> Outcome:
    """Trains every shape from every seed."""
    budgets = setting.choose((10_000, 100_000), (20_000,))
    depths = setting.choose((1, 2, 4, 8), (1, 4))
    seeds = setting.choose((42, 1, 2), (42, 1))
    runs = {
        budget: {
            shape: np.array([measure(shape, seed, setting) for seed in seeds])
            for shape in [*(equal(budget, d) for d in depths), tapered(budget, 4)]
        }
        for budget in budgets
    }
    means = {b: {s: found.mean(axis=0) for s, found in of.items()} for b, of in runs.items()}
    rows = [
        Row(f"validation accuracy, {told(shape)}", float(found[:, 0].mean()),
            note=f"{weights(shape):,} weights, {sum(shape)} neurons; training loss "
            f"{found[:, 1].mean():.3f}; standard deviation over {len(seeds)} seeds "
            f"{found[:, 0].std(ddof=1):.4f}")
        for of in runs.values() for shape, found in of.items()
    ]  # fmt: skip
    best = max(float(mean[0]) for of in means.values() for mean in of.values())
    rows.append(at_least("the best of them", best, setting.choose(0.97, 0.80)))
    claims = [claim for budget in budgets for claim in judged(budget, runs[budget], depths)]
    return Outcome(rows, drawn(means, depths), claims)


def judged(
    budget: int, found: dict[tuple[int, ...], np.ndarray], depths: tuple[int, ...]
) -> list[Claim]:
    """The three claims, for networks of this size.

    Args:
        budget, depths: of the networks of one width.
        found: `(seeds, 3)` of each shape; see `measure`.
    """
    shallow, *deeper = (found[equal(budget, depth)] for depth in depths)
    funnel, same = found[tapered(budget, 4)], found[equal(budget, 4)]
    group = f"of equally many weights ({budget:,})"
    return [
        Claim(
            f"First document: {group} every deeper network is better than one layer.",
            all(better(one, shallow, 0) for one in deeper),
            f"hidden layers {said(depths, [shallow, *deeper], 0)}; beyond chance for "
            f"{sum(better(one, shallow, 0) for one in deeper)} of {len(deeper)}.",
        ),
        Claim(
            f"First document: {group} every deeper network learns faster (after one epoch).",
            all(better(one, shallow, 2) for one in deeper),
            f"hidden layers {said(depths, [shallow, *deeper], 2)}; beyond chance for "
            f"{sum(better(one, shallow, 2) for one in deeper)} of {len(deeper)}.",
        ),
        Claim(
            f"First document: {group} a funnel is better than one width.",
            better(funnel, same, 0),
            f"4 layers, funnel {funnel[:, 0].mean():.4f}, one width {same[:, 0].mean():.4f}.",
        ),
    ]


def better(one: np.ndarray, other: np.ndarray, place: int) -> bool:
    """By more than two standard errors of the difference of their means over seeds."""
    gain = one[:, place].mean() - other[:, place].mean()
    error = np.sqrt((one[:, place].var(ddof=1) + other[:, place].var(ddof=1)) / len(one))
    return bool(gain > 2 * error)


def said(depths: Sequence[int], found: Sequence[np.ndarray], place: int) -> str:
    """`1: 0.9359, 2: 0.9373`."""
    means = (one[:, place].mean() for one in found)
    return ", ".join(f"{depth}: {mean:.4f}" for depth, mean in zip(depths, means, strict=True))


def weights(hidden: tuple[int, ...]) -> int:
    """`n1 n2 + n2` for each pair of layers, from 784 inputs to 10 outputs."""
    sizes = (784, *hidden, 10)
    return sum(n1 * n2 + n2 for n1, n2 in itertools.pairwise(sizes))


def equal(budget: int, depth: int) -> tuple[int, ...]:
    """The widest layers of one width whose weights stay within the budget."""
    width = 1
    while weights((width + 1,) * depth) <= budget:
        width += 1
    return (width,) * depth


def tapered(budget: int, depth: int) -> tuple[int, ...]:
    """The widest funnel within the budget, down to `NARROWEST`."""
    first = NARROWEST
    while weights(models.funnel(first + 1, NARROWEST, depth)) <= budget:
        first += 1
    return models.funnel(first, NARROWEST, depth)


def measure(hidden: tuple[int, ...], seed: int, setting: Setting) -> tuple[float, float, float]:
    """Validation accuracy, training loss, and validation accuracy after the first epoch."""
    one = dataclasses.replace(setting, seed=seed)
    vars(one)["data"] = setting.data  # read once
    one.seeded()
    model = models.dnn(hidden=hidden, kernel_initializer="he_normal")
    history = one.fit(
        model, Adam(0.001), epochs=setting.choose(5, 8), batch_size=100,
        jit_compile=False,  # so short a training is not worth compiling
    )  # fmt: skip
    accuracy = history["val_accuracy"]
    return float(np.mean(accuracy[-3:])), history["loss"][-1], accuracy[0]


def told(hidden: tuple[int, ...]) -> str:
    """`4 x 120`, or the widths of a funnel."""
    if len(set(hidden)) == 1:
        return f"{len(hidden)} x {hidden[0]}"
    return "-".join(str(width) for width in hidden)


def drawn(means: dict[int, dict[tuple[int, ...], np.ndarray]], depths: tuple[int, ...]) -> Figure:
    """Accuracy against depth, for each number of weights."""
    panels = []
    for place, title in ((0, "At the end"), (2, "After one epoch")):
        curves: dict[str, tuple[Sequence[int], list[float]]] = {}
        for budget, found in means.items():
            heights = [100 * found[equal(budget, d)][place] for d in depths]
            curves[f"{budget:,} weights, one width"] = (depths, heights)
            funnel = 100 * found[tapered(budget, 4)][place]
            curves[f"{budget:,} weights, funnel"] = ([4], [funnel])
        panels.append(plots.Panel(curves, "hidden layers", "validation accuracy (%)", title))
    return plots.lines(*panels, title="Depth against width, equally many weights")
