"""Dropout as an ensemble: the mean over many masks against the network with scaled weights.

The fifth document: every row goes through another thinned network, and all of them share their
weights: dropout is model averaging, an extreme case of bagging, "though not quite the same"; and it
is its first remedy against overfitting. It gives no formula.

Of one softmax layer with dropped inputs the average can be had exactly: the geometric mean of
`softmax((m * x) W + b)` over all masks `m`, scaled to sum 1, is `softmax(1/2 x W + b)` for a rate
of 1/2, the network in use (Hinton et al., 2012). For deeper networks it is an approximation, and
how good is measured: 300-100 with dropout of 1/2 on both hidden layers, its arithmetic mean over
50 masks a test image, and the network in use.

Beside it stands real bagging, networks of their own, each trained on a bootstrap sample, and an
ensemble of networks that differ by their start alone; all with Adam, 0.001, batches of 100.
"""

import dataclasses
import itertools
from collections.abc import Sequence

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf import models, plots
from dnn_tf.activations import softmax
from dnn_tf.data import Dataset, Split
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most
from dnn_tf.experiments.setting import Setting
from dnn_tf.optimizers import Adam


def reproduce(setting: Setting) -> Outcome:
    """Averages over masks, over starts and over samples."""
    data, count = setting.data, setting.choose(4, 2)
    assert data.test is not None
    y = data.test.y
    plain = [train(None, seed, data, setting) for seed in range(count)]
    dropped = [train(0.5, seed, data, setting) for seed in range(setting.choose(3, 1))]
    bagged = [train(None, seed, bootstrap(data, seed), setting) for seed in range(count)]
    in_use = [run.answers for run in dropped]
    masks = setting.choose(50, 20)
    sampled = [over_masks(run.model, data.test.x, masks) for run in dropped]
    scores = {
        "single network": mean_right([run.answers for run in plain], y),
        f"{count} networks, other starts": right(mean_of(plain), y),
        f"bagging, {count} networks": right(mean_of(bagged), y),
        "dropout, in use": mean_right(in_use, y),
        f"dropout, mean over {masks} masks": mean_right([of[-1] for of in sampled], y),
    }
    single, together, bags, used, averaged = scores.values()
    gaps = {
        name: float(np.mean([run.gap for run in runs]))
        for name, runs in {"plain": plain, "dropout": dropped}.items()
    }
    spread = float(np.std([right(run.answers, y) for run in plain]))
    agree = float(np.mean([np.mean(of[-1].argmax(1) == use.argmax(1))
                           for of, use in zip(sampled, in_use, strict=True)]))  # fmt: skip
    rows = [
        at_most("one softmax layer, geometric mean over all masks less the scaled weights",
                geometric_gap(setting.seed), 1e-12),
        *(Row(f"test accuracy, {name}", score) for name, score in scores.items()),
        Row("standard deviation of single networks", spread),
        Row("mean over the masks less the network in use, accuracy", averaged - used, 0.0, 0.01),
        at_least("test images on which the two agree", agree, 0.97),
        at_most("one mask less the network in use, accuracy",
                right(sampled[0][0], y) - right(in_use[0], y), 0.0),
        Row("training less validation accuracy, plain", gaps["plain"]),
        Row("training less validation accuracy, dropout", gaps["dropout"]),
        at_least("ensemble of other starts less a single network", together - single, 0.0),
    ]  # fmt: skip
    claims = [
        Claim(
            "Fifth document: dropout is model averaging (the network in use stands for the mean "
            "over its masks).",
            abs(averaged - used) <= 0.005,
            f"{used:.4f} in use, {averaged:.4f} as a mean over {masks} masks.",
        ),
        Claim(
            "Fifth document: dropout is an extreme case of bagging (it is as good as bagging).",
            used >= bags - 0.001,
            f"dropout {used:.4f}, bagging {bags:.4f}, other starts {together:.4f}, a single "
            f"network {single:.4f}.",
        ),
        Claim(
            "Fifth document: dropout lessens overfitting.",
            gaps["dropout"] < gaps["plain"],
            f"training accuracy is {gaps['dropout']:+.4f} above validation with it, "
            f"{gaps['plain']:+.4f} without.",
        ),
    ]
    levels = {name: 100 * score for name, score in list(scores.items())[:4]}
    return Outcome(rows, drawn(sampled, y, levels), claims)


@dataclasses.dataclass(frozen=True)
class Run:
    """A network, its probabilities for the test images, training less validation accuracy."""

    model: keras.Model
    answers: np.ndarray
    gap: float


def train(dropout: float | None, seed: int, data: Dataset, setting: Setting) -> Run:
    """One network; both accuracies of the gap are taken in use."""
    one = dataclasses.replace(setting, seed=seed)
    one.seeded()
    model = models.dnn(kernel_initializer="he_normal", dropout=dropout)
    words = {} if dropout is None else {"jit_compile": False}  # XLA draws slowly on a CPU
    one.fit(
        model, Adam(0.001), data=data, epochs=setting.choose(8, 5), batch_size=100,
        watch=(), **words,
    )  # fmt: skip
    assert data.validation is not None
    assert data.test is not None
    gap = right(answers(model, data.train.x), data.train.y) - right(
        answers(model, data.validation.x), data.validation.y
    )
    return Run(model, answers(model, data.test.x), gap)


def bootstrap(data: Dataset, seed: int) -> Dataset:
    """As many training rows, drawn with replacement."""
    n = len(data.train)
    rows = np.random.default_rng(seed).integers(0, n, n)
    return dataclasses.replace(data, train=Split(data.train.x[rows], data.train.y[rows]))


def answers(model: keras.Model, x: np.ndarray, training: bool = False) -> np.ndarray:
    """Probabilities.

    Shapes:
        `(rows, features)` -> `(rows, classes)`.
    """
    return np.concatenate(
        [np.asarray(softmax(model(part, training=training))) for part in np.array_split(x, 5)]
    )


def over_masks(model: keras.Model, x: np.ndarray, masks: int) -> np.ndarray:
    """The mean probabilities over the first 1, 2, ... masks, drawn anew for every row.

    Shapes:
        `(masks, rows, classes)`.
    """
    drawn_once = np.array([answers(model, x, training=True) for _ in range(masks)])
    return np.cumsum(drawn_once, axis=0) / np.arange(1, masks + 1)[:, None, None]


def mean_of(runs: list[Run]) -> np.ndarray:
    """What an ensemble answers."""
    return np.asarray(np.mean([run.answers for run in runs], axis=0))


def right(probabilities: np.ndarray, y: np.ndarray) -> float:
    """Accuracy."""
    return float(np.mean(probabilities.argmax(axis=1) == y))


def mean_right(of: Sequence[np.ndarray], y: np.ndarray) -> float:
    """The mean of their accuracies."""
    return float(np.mean([right(probabilities, y) for probabilities in of]))


def geometric_gap(seed: int) -> float:
    """Over all 1,024 masks of ten inputs, against half of the weights."""
    rng = np.random.default_rng(seed)
    x, W, b = rng.normal(size=10), rng.normal(size=(10, 4)), rng.normal(size=4)
    masks = np.array(list(itertools.product((0.0, 1.0), repeat=10)))
    logs = np.log(np.asarray(softmax((masks * x) @ W + b))).mean(axis=0)
    geometric = np.exp(logs) / np.exp(logs).sum()
    return float(np.max(np.abs(geometric - np.asarray(softmax(0.5 * x @ W + b)))))


def drawn(sampled: list[np.ndarray], y: np.ndarray, levels: dict[str, float]) -> Figure:
    """Accuracy against the number of masks, with the others as levels."""
    curve = 100 * np.mean([[right(mean, y) for mean in of] for of in sampled], axis=0)
    count = np.arange(1, len(curve) + 1)
    return plots.lines(
        plots.Panel(
            {"dropout, mean over masks": (count, curve)}
            | {name: ([1, len(curve)], [level, level]) for name, level in levels.items()},
            "masks in the mean", "test accuracy (%)", log_x=True,
        ),
        title="What dropout averages, beside ensembles of whole networks",
    )  # fmt: skip
