"""Dropout as an ensemble: the mean over many masks against the network with scaled weights.

The fifth document: every row goes through another thinned network, and all of them share their
weights: dropout is model averaging, an extreme case of bagging, "though not quite the same"; and it
is its first remedy against overfitting. It gives no formula.

Of one softmax layer with dropped inputs the average can be had exactly: the geometric mean of
`softmax((m * x) W + b)` over all masks `m`, scaled to sum 1, is `softmax(1/2 x W + b)` for a rate
of 1/2, the network in use (Hinton et al., 2012). For deeper networks it is an approximation, and
how good is measured: 300-100 with dropout of 1/2 on both hidden layers, its arithmetic mean over
50 masks a test image, and the network in use.

Beside it stand real bagging, networks each trained on a bootstrap sample, and the mean of networks
that differ by their start alone: several networks against dropout's one, and so no contest. All
learn the first 10,000 images, few enough to be overfitted in 20 epochs, with Adam, 0.001, in
batches of 100, from the same starts with dropout and without.
"""

import dataclasses
import itertools
from collections.abc import Mapping, Sequence

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure

from dnn_tf import models, plots
from dnn_tf.activations import softmax
from dnn_tf.data import Dataset, Split
from dnn_tf.experiments.evidence import every, opposite, paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most
from dnn_tf.experiments.setting import Setting
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers import Adam

CLOSE = 0.01
"""Of accuracy: as far as the mean over the masks may be from the network in use."""


@dataclasses.dataclass(frozen=True)
class Run:
    """A network and what it says, in use.

    Args:
        model: trained.
        answers: its probabilities for the test images.
        training, validation: accuracies.
        loss: on the validation images.
    """

    model: keras.Model
    answers: np.ndarray
    training: float
    validation: float
    loss: float

    @property
    def gap(self) -> float:
        """How much better it is on what it has seen."""
        return self.training - self.validation


def reproduce(setting: Setting) -> Outcome:
    """Averages over masks, over starts and over samples."""
    data = setting.first(setting.choose(10_000, 2_000))
    assert data.test is not None
    y, seeds = data.test.y, setting.seeds(setting.choose(3, 1))
    plain = [train(None, seed, data, setting) for seed in seeds]
    dropped = [train(0.5, seed, data, setting) for seed in seeds]
    bagged = [train(None, seed, bootstrap(data, seed), setting) for seed in seeds]
    sampled = [over_masks(run.model, data.test.x, setting.choose(50, 20)) for run in dropped]
    accuracies = {
        "single network": [right(run.answers, y) for run in plain],
        f"{len(seeds)} networks, other starts": [right(mean_of(plain), y)],
        f"bagging, {len(seeds)} networks": [right(mean_of(bagged), y)],
        "dropout, in use": [right(run.answers, y) for run in dropped],
        "dropout, mean over the masks": [right(of[-1], y) for of in sampled],
    }
    pairs = zip(sampled, dropped, strict=True)
    agree = np.mean([of[-1].argmax(1) == run.answers.argmax(1) for of, run in pairs])
    judged = [averages(accuracies), overfits(plain, dropped)]
    return Outcome(
        rows(accuracies, float(agree), right(sampled[0][0], y), setting),
        drawn(sampled, y, accuracies),
        judged,
    )


def rows(
    accuracies: Mapping[str, Sequence[float]], agree: float, one_mask: float, setting: Setting
) -> list[Row]:
    """The exact one, the accuracies, and how near the mean over the masks is to the network."""
    used, averaged = (np.mean(of) for of in list(accuracies.values())[-2:])
    return [
        at_most("one softmax layer, geometric mean over all masks less the scaled weights",
                geometric_gap(setting.seed), 1e-12),
        *(Row(f"test accuracy, {name}", float(np.mean(of))) for name, of in accuracies.items()),
        Row("test accuracy, dropout, one mask", one_mask),
        Row("mean over the masks less the network in use, accuracy", float(averaged - used),
            0.0, CLOSE),
        at_least("test images on which the two agree", agree, setting.choose(0.97, 0.95)),
    ]  # fmt: skip


def averages(accuracies: Mapping[str, Sequence[float]]) -> Claim:
    """The network in use stands for the mean over its masks."""
    used, averaged = list(accuracies.values())[-2:]
    by = paired(averaged, used)
    return Claim(
        "Fifth document: dropout is model averaging (the network in use is as accurate as the mean "
        f"over its masks, within {CLOSE:g}).",
        every([by.above(-CLOSE), opposite(by.above(CLOSE))]),
        f"the mean over the masks is {by} better than the network in use.",
    )


def overfits(plain: Sequence[Run], dropped: Sequence[Run]) -> Claim:
    """Less is lost from training to validation, and the validation loss is lower."""
    gap = paired([run.gap for run in plain], [run.gap for run in dropped])
    loss = paired([run.loss for run in plain], [run.loss for run in dropped])
    accuracy = paired([run.validation for run in dropped], [run.validation for run in plain])
    return Claim(
        "Fifth document: dropout lessens overfitting (training accuracy is less far above "
        "validation, and the validation loss is lower).",
        every([gap.above(), loss.above()]),
        f"the gap is {gap} smaller and the loss {loss} lower; validation accuracy {accuracy}.",
    )


def train(dropout: float | None, seed: int, data: Dataset, setting: Setting) -> Run:
    """One network."""
    one = dataclasses.replace(setting, seed=seed)
    one.seeded()
    model = models.dnn(kernel_initializer="he_normal", dropout=dropout)
    one.fit(
        model, Adam(0.001), data=data, epochs=setting.choose(20, 10), batch_size=100, watch=(),
        jit_compile=False,  # so short a training is not worth compiling
    )  # fmt: skip
    assert data.validation is not None
    assert data.test is not None
    training, validation = (
        right(answers(model, split.x), split.y) for split in (data.train, data.validation)
    )
    losses = sparse_softmax_cross_entropy(data.validation.y, model(data.validation.x))
    loss = float(ops.mean(losses))
    return Run(model, answers(model, data.test.x), training, validation, loss)


def bootstrap(data: Dataset, seed: int) -> Dataset:
    """As many training rows, drawn with replacement."""
    n = len(data.train)
    drawn_rows = np.random.default_rng(seed).integers(0, n, n)
    train = Split(data.train.x[drawn_rows], data.train.y[drawn_rows])
    return dataclasses.replace(data, train=train)


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


def mean_of(runs: Sequence[Run]) -> np.ndarray:
    """What an ensemble answers."""
    return np.asarray(np.mean([run.answers for run in runs], axis=0))


def right(probabilities: np.ndarray, y: np.ndarray) -> float:
    """Accuracy."""
    return float(np.mean(probabilities.argmax(axis=1) == y))


def geometric_gap(seed: int) -> float:
    """Over all 1,024 masks of ten inputs, against half of the weights."""
    rng = np.random.default_rng(seed)
    x, W, b = rng.normal(size=10), rng.normal(size=(10, 4)), rng.normal(size=4)
    masks = np.array(list(itertools.product((0.0, 1.0), repeat=10)))
    logs = np.log(np.asarray(softmax((masks * x) @ W + b))).mean(axis=0)
    geometric = np.exp(logs) / np.exp(logs).sum()
    return float(np.max(np.abs(geometric - np.asarray(softmax(0.5 * x @ W + b)))))


def drawn(
    sampled: Sequence[np.ndarray], y: np.ndarray, accuracies: Mapping[str, Sequence[float]]
) -> Figure:
    """Accuracy against the number of masks, with the others as levels."""
    curve = 100 * np.mean([[right(mean, y) for mean in of] for of in sampled], axis=0)
    count = np.arange(1, len(curve) + 1)
    others = {name: 100 * float(np.mean(of)) for name, of in list(accuracies.items())[:-1]}
    return plots.lines(
        plots.Panel(
            {"dropout, mean over masks": (count, curve)}
            | {name: ([1, len(curve)], [level, level]) for name, level in others.items()},
            "masks in the mean", "test accuracy (%)", log_x=True,
        ),
        title="What dropout averages, beside ensembles of whole networks",
    )  # fmt: skip
