"""Depth against width: equally many weights, or equally many neurons; and funnels.

The first document: deep networks are more parameter-efficient; they approximate any function with
(exponentially) fewer neurons, train faster and generalise better; and widths follow a funnel, fewer
neurons towards the outputs. It gives no measurement.

Three groups of shapes. In two all networks have the same number of weights within 1 %, `n1 n2 + n2`
a pair of layers (the fourth document's count), where a deeper network has more neurons. In the
third, for "fewer neurons", deeper networks have no more neurons than the one layer, and so fewer
weights. They read MNIST with ReLUs from He's start, by Adam with a rate of 0.001 in batches of 100,
for five epochs: so short a training at one rate tests how well a shape trains at least as much as
what it could come to. Judged by validation accuracy, the mean of the last three epochs, paired by
seed.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping

import numpy as np
from matplotlib.figure import Figure

from dnn_tf import models, plots
from dnn_tf.experiments.evidence import Difference, every, paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least
from dnn_tf.experiments.setting import Setting
from dnn_tf.optimizers import Adam

Shape = tuple[int, ...]

SMALL: tuple[Shape, ...] = ((31,), (30, 30), (28, 28, 28, 28), (30, 21, 14, 10))
LARGE: tuple[Shape, ...] = ((103,), (92, 92), (79, 79, 79, 79), (97, 45, 21, 10))
"""One, two and four layers of one width, and a funnel, of equally many weights."""

NEURONS: tuple[Shape, ...] = ((103,), (51, 51), (25, 25, 25, 25))
"""No more neurons than the first."""

LAST, LOSS, EARLY = range(3)
"""What `measure` gives: late validation accuracy, training loss, accuracy after an epoch."""

Measured = Mapping[Shape, np.ndarray]
"""`(seeds, 3)` of each shape; see `measure`."""

EPOCHS = "after five epochs of Adam at one rate"


def reproduce(setting: Setting) -> Outcome:
    """Trains every shape from every seed."""
    groups = setting.choose((SMALL, LARGE), (tuple(SMALL[i] for i in (0, 2, 3)),))
    neurons = setting.choose(NEURONS, ())
    seeds = setting.seeds(setting.choose(5, 1))
    shapes = dict.fromkeys(itertools.chain(*groups, neurons))
    found = {shape: np.array([measure(shape, seed, setting) for seed in seeds]) for shape in shapes}
    judged = [claim for group in groups for claim in equal_weights(group, found)]
    if neurons:
        judged.append(fewer_neurons(neurons, found))
    return Outcome(rows(found, setting), drawn(groups, found), judged)


def rows(found: Measured, setting: Setting) -> list[Row]:
    """Each shape; only that they learn at all is judged."""
    best = max(float(of[:, LAST].mean()) for of in found.values())
    return [
        *(
            Row(
                f"validation accuracy, {told(shape)}", float(of[:, LAST].mean()),
                note=f"{weights(shape):,} weights, {sum(shape)} neurons; training loss "
                f"{of[:, LOSS].mean():.3f}; {len(of)} seeds, {of[:, LAST].min():.4f} to "
                f"{of[:, LAST].max():.4f}",
            )
            for shape, of in found.items()
        ),
        at_least("the best of them", best, setting.choose(0.97, 0.80)),
    ]  # fmt: skip


def equal_weights(group: tuple[Shape, ...], found: Measured) -> Iterator[Claim]:
    """Three claims on networks of equally many weights, the last of which is the funnel."""
    *same, funnel = group
    text = f"First document: of equally many weights ({weights(group[0]):,})"
    better = [(shape, gain(shape, same[0], found, LAST)) for shape in same[1:]]
    yield Claim(
        f"{text} deeper networks generalise better than one layer ({EPOCHS}).",
        every(by.above() for _, by in better),
        said(better, same[0]),
    )
    faster = [(shape, gain(shape, same[0], found, EARLY)) for shape in same[1:]]
    yield Claim(
        f"{text} deeper networks train faster than one layer (accuracy after one epoch).",
        every(by.above() for _, by in faster),
        said(faster, same[0]),
    )
    by = gain(funnel, same[-1], found, LAST)
    yield Claim(
        f"{text} a funnel is better than one width ({EPOCHS}).",
        by.above(),
        said([(funnel, by)], same[-1]),
    )


def fewer_neurons(group: tuple[Shape, ...], found: Measured) -> Claim:
    """Deeper networks must not be worse than one layer of as many neurons or more."""
    worse = [(shape, gain(group[0], shape, found, LAST)) for shape in group[1:]]
    verdicts = [by.above() for _, by in worse]
    deeper = ", ".join(f"{told(shape)} lies {by} below" for shape, by in worse)
    return Claim(
        "First document: deeper networks do the same with fewer neurons, one of them at least "
        f"({EPOCHS}).",
        False if all(verdicts) else (True if False in verdicts else None),
        f"with no more neurons, {deeper} {told(group[0])}.",
    )


def gain(one: Shape, other: Shape, found: Measured, place: int) -> Difference:
    """Of the one shape over the other."""
    return paired(found[one][:, place], found[other][:, place])


def said(gains: list[tuple[Shape, Difference]], than: Shape) -> str:
    """`2 x 30 +0.0016 +- 0.0040 over 1 x 31.`"""
    return ", ".join(f"{told(shape)} {by}" for shape, by in gains) + f" over {told(than)}."


def weights(hidden: Shape) -> int:
    """`n1 n2 + n2` for each pair of layers, from 784 inputs to 10 outputs."""
    sizes = (784, *hidden, 10)
    return sum(n1 * n2 + n2 for n1, n2 in itertools.pairwise(sizes))


def measure(hidden: Shape, seed: int, setting: Setting) -> tuple[float, float, float]:
    """Validation accuracy, training loss, and validation accuracy after the first epoch."""
    one = dataclasses.replace(setting, seed=seed)
    one.seeded()
    model = models.dnn(hidden=hidden, kernel_initializer="he_normal")
    history = one.fit(
        model, Adam(0.001), data=setting.data, epochs=setting.choose(5, 8), batch_size=100,
        jit_compile=False,  # so short a training is not worth compiling
    )  # fmt: skip
    accuracy = history["val_accuracy"]
    return float(np.mean(accuracy[-3:])), history["loss"][-1], accuracy[0]


def told(hidden: Shape) -> str:
    """`4 x 120`, or the widths of a funnel."""
    if len(set(hidden)) == 1:
        return f"{len(hidden)} x {hidden[0]}"
    return "-".join(str(width) for width in hidden)


def drawn(groups: tuple[tuple[Shape, ...], ...], found: Measured) -> Figure:
    """Accuracy against depth, for each number of weights."""
    panels = []
    for place, title in ((LAST, "At the end"), (EARLY, "After one epoch")):
        curves: dict[str, tuple[list[int], list[float]]] = {}
        for *same, funnel in groups:
            kind = f"{round(weights(funnel), -2):,} weights"
            depths = [len(shape) for shape in same]
            curves[f"{kind}, one width"] = depths, [height(s, found, place) for s in same]
            curves[f"{kind}, funnel"] = [len(funnel)], [height(funnel, found, place)]
        panels.append(plots.Panel(curves, "hidden layers", "validation accuracy (%)", title))
    return plots.lines(*panels, title="Depth against width, equally many weights")


def height(shape: Shape, found: Measured, place: int) -> float:
    """The mean over seeds, in per cent."""
    return 100 * float(found[shape][:, place].mean())
