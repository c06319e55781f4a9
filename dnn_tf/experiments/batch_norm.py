"""Batch normalisation: bad starts, large learning rates, and whether it replaces dropout.

`z = gamma (x - mu) / sqrt(sigma^2 + epsilon) + beta`, with the batch's mean and variance in
training and moving averages in use. The fifth document: it allows larger learning rates and costs
less care for the start; it regularises (so says the first, too) and "reduces or even removes the
need for dropout". Here each pair starts from the same weights and sees the same batches
(784-300-100-10, ELU, gradient descent with batches of 200, as in the reference notebook's cell 64),
and differences are judged seed by seed. The need for dropout is what dropout adds to the accuracy.

The first document divides by `sqrt(mu^2) + epsilon`, the size of the mean (E39): a feature whose
mean is near 0 becomes huge. Its snippet never runs TF1's `UPDATE_OPS` (E40): the averages stay at 0
and 1, and the network that read its batches well is useless after training. (The fifth document
has batch normalisation standardise parameters, E41; it is activations.)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure

from dnn_tf import initializers, models, plots
from dnn_tf.data import Dataset
from dnn_tf.experiments.evidence import paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most, spread
from dnn_tf.experiments.scoring import share_right
from dnn_tf.experiments.setting import Setting
from dnn_tf.layers import BatchNorm
from dnn_tf.layers.batch_norm import normalize
from dnn_tf.optimizers import GradientDescent
from dnn_tf.types import DivergenceError, Tensor

EPSILON = 1e-3
WIDTH, RATE = 0.05, 0.1
"""Standard deviation of the first weights, which is He's at 784 inputs; and the learning rate."""

WIDTHS = (0.001, WIDTH, 1.0, 10.0)
RATES = (RATE, 1.0, 10.0)
"""What is tried at the usual rate, and from the usual weights."""

FLOOR = 0.7
"""A validation accuracy that tells that a rate was not too large."""

SCORE = "validation accuracy, mean of the seeds"

Scores = Mapping[float, list[float]]
"""Of each width or rate, an accuracy for each seed."""

REGULARISED: dict[str, dict[str, Any]] = {
    "neither": {},
    "batch norm": {"batch_norm": True},
    "dropout 0.5": {"dropout": 0.5},
    "both": {"batch_norm": True, "dropout": 0.5},
}


def as_printed(x: Tensor, mu: Tensor, epsilon: float) -> Tensor:
    """The document's third step, `(x - mu) / (sqrt(mu^2) + epsilon)`."""
    return (x - mu) / (ops.sqrt(ops.square(mu)) + epsilon)


@dataclass(frozen=True)
class Pair:
    """What was measured without batch normalisation, and with it.

    Args:
        by_width: validation accuracies, for each standard deviation of the first weights.
        by_rate: the same for each learning rate.
    """

    by_width: Scores
    by_rate: Scores

    @property
    def ranges(self) -> list[float]:
        """From the worst start to the best, for each seed."""
        return [max(scores) - min(scores) for scores in zip(*self.by_width.values(), strict=True)]

    @property
    def largest(self) -> list[float]:
        """log10 of the largest rate that comes to `FLOOR`, for each seed."""
        return [
            float(np.log10(largest(list(self.by_rate), scores, FLOOR)))
            for scores in zip(*self.by_rate.values(), strict=True)
        ]


Numbers = Mapping[str, list[float]]
"""Of each of `REGULARISED`, a number for each seed."""


def reproduce(setting: Setting) -> Outcome:
    """Starts, rates, regularisation, and the two slips."""
    seeds = setting.seeds(setting.choose(3, 1))
    plain, normalised = (compared(setting, seeds, use) for use in (False, True))
    scores, gaps, model = regularised(setting, seeds)
    found = plain, normalised, scores, gaps
    of_slips = slips(setting, model, scores["batch norm"][0])
    return Outcome([*rows(*found, setting), *of_slips], drawn(*found), claims(*found))


def compared(setting: Setting, seeds: Sequence[int], batch_norm: bool) -> Pair:
    """The accuracies from each start at the usual rate, and at each rate from the usual start."""
    widths, rates = setting.choose((WIDTHS, RATES), ((1.0,), (1.0,)))
    cases = dict.fromkeys([(width, RATE) for width in widths] + [(WIDTH, rate) for rate in rates])
    found = {
        case: [trained(setting, seed, *case, batch_norm=batch_norm)[1] for seed in seeds]
        for case in cases
    }
    return Pair(
        {width: found[width, RATE] for width in widths},
        {rate: found[WIDTH, rate] for rate in rates},
    )


def regularised(setting: Setting, seeds: Sequence[int]) -> tuple[Numbers, Numbers, keras.Model]:
    """Of few images: validation accuracies, how much better the training images are read, and the
    first network with batch normalisation.
    """
    few = setting.first(setting.choose(5000, 2000))
    runs = {
        name: [
            trained(setting, seed, None, RATE, data=few, batch_size=50,
                    epochs=setting.choose(20, 6), **words)
            for seed in seeds
        ]
        for name, words in REGULARISED.items()
    }  # fmt: skip
    return (
        {name: [score for _, score in group] for name, group in runs.items()},
        {name: [share_right(model, few.train) - score for model, score in group]
         for name, group in runs.items()},
        runs["batch norm"][0][0],
    )  # fmt: skip


def rows(
    plain: Pair, normalised: Pair, scores: Numbers, gaps: Numbers, setting: Setting
) -> list[Row]:
    """Accuracies from each start, at each rate, and of few images."""
    worst_plain, worst_normalised = (
        min(mean(group) for group in pair.by_width.values()) for pair in (plain, normalised)
    )
    times = 10 ** paired(normalised.largest, plain.largest).mean
    return [
        *(
            Row(f"weights of deviation {width:g}: accuracy with batch norm", mean(group),
                note=f"without it {mean(plain.by_width[width]):.4f}")
            for width, group in normalised.by_width.items()
        ),
        at_least("the worst of them, less the worst without it", worst_normalised - worst_plain,
                 setting.choose(0.3, 0.2)),
        *(
            Row(f"learning rate {rate:g}: accuracy with batch norm", mean(group),
                note=f"without it {mean(plain.by_rate[rate]):.4f}")
            for rate, group in normalised.by_rate.items()
        ),
        at_least(f"the largest rate that comes to {FLOOR}, over that without it", times, 3),
        *(
            at_least(f"few images, {name}: accuracy", mean(group), setting.choose(0.92, 0.8),
                     note="; ".join(filter(None, (
                         f"on the training images {mean(gaps[name]):.3f} more", spread(group)))))
            for name, group in scores.items()
        ),
    ]  # fmt: skip


def claims(plain: Pair, normalised: Pair, scores: Numbers, gaps: Numbers) -> list[Claim]:
    """Starts, rates, the gap to new images, and what dropout adds."""
    ranges = paired(plain.ranges, normalised.ranges)
    times = paired(normalised.largest, plain.largest)
    narrower = paired(gaps["neither"], gaps["batch norm"])
    need = np.subtract(scores["dropout 0.5"], scores["neither"]).tolist()
    need_with_it = np.subtract(scores["both"], scores["batch norm"]).tolist()
    less_needed = paired(need, need_with_it)
    both_by_rate = (told(map(mean, pair.by_rate.values())) for pair in (normalised, plain))
    return [
        Claim(
            "The fifth document: with batch normalisation the start matters less.",
            ranges.above(),
            f"from weights of deviation {told(plain.by_width)} the accuracies lie within "
            f"{mean(normalised.ranges):.3f} of one another, and within {mean(plain.ranges):.3f} "
            f"without it ({ranges}).",
        ),
        Claim(
            "The fifth document: it allows larger learning rates.",
            times.above(),
            "at rates {} accuracies {}; without it {}.".format(told(plain.by_rate), *both_by_rate),
        ),
        Claim(
            "The first and fifth documents: it regularises.",
            narrower.above(),
            f"training images are read better than others by {mean(gaps['batch norm']):.3f} with "
            f"it, by {mean(gaps['neither']):.3f} without ({narrower} less), by "
            f"{mean(gaps['dropout 0.5']):.3f} with dropout.",
        ),
        Claim(
            "The fifth document: it reduces or even removes the need for dropout.",
            less_needed.above(),
            f"dropout adds {mean(need):+.4f} to the accuracy without batch normalisation, and "
            f"{mean(need_with_it):+.4f} with it ({less_needed} less): "
            f"{', '.join(f'{name} {mean(group):.4f}' for name, group in scores.items())}.",
        ),
    ]


def drawn(plain: Pair, normalised: Pair, scores: Numbers, gaps: Numbers) -> Figure:
    """Starts, rates, and the gap to new images."""
    both = {"without batch norm": plain, "with batch norm": normalised}
    return plots.lines(
        plots.Panel(
            {name: curve(pair.by_width) for name, pair in both.items()},
            x="standard deviation of the first weights", y=SCORE, log_x=True,
            title="From different starts", levels={"chance": 0.1},
        ),
        plots.Panel(
            {name: curve(pair.by_rate) for name, pair in both.items()},
            x="learning rate", y=SCORE, log_x=True,
            title="At different rates", levels={"chance": 0.1},
        ),
        plots.Dots({f"{name}: {mean(scores[name]):.4f}": group for name, group in gaps.items()},
                   x="training less validation accuracy",
                   title="Few images (validation accuracy beside the name)"),
        title="Networks with batch normalisation and without",
    )  # fmt: skip


def curve(scores: Scores) -> tuple[list[float], list[float]]:
    """Places, and the means of the seeds."""
    return list(scores), [mean(group) for group in scores.values()]


def trained(
    setting: Setting, seed: int, width: float | None, rate: float, *, epochs: int | None = None,
    batch_size: int = 200, data: Dataset | None = None, **words: Any,
) -> tuple[keras.Model, float]:  # fmt: skip
    """The model, and its validation accuracy; where training diverged, that of guessing.

    Args:
        setting: gives the data, where no others are given.
        seed: of weights and batches.
        width: standard deviation of the first weights; `None` is He's.
        rate, epochs, batch_size: of gradient descent.
        data: in place of MNIST.
        words: of `models.dnn`.
    """
    keras.utils.set_random_seed(seed)
    start = "he_normal" if width is None else initializers.PlainNormal(width)
    model = models.dnn(activation="elu", kernel_initializer=start, **words)
    try:
        history = setting.fit(
            model, GradientDescent(rate), epochs=epochs or setting.choose(3, 4), data=data,
            batch_size=batch_size, seed=seed, jit_compile=False,
        )  # fmt: skip
    except DivergenceError:
        return model, 1 / setting.data.n_classes
    return model, history["val_accuracy"][-1]


def slips(setting: Setting, model: keras.Model, score: float) -> list[Row]:
    """What the printed formula does to a batch, and use without averages to a trained network."""
    x = setting.data.train.x[:200]
    z = x @ np.asarray(initializers.get("xavier_normal")((x.shape[1], 300)))
    mu, variance = z.mean(axis=0), z.var(axis=0)
    correct = np.asarray(normalize(z, mu, variance, 1.0, 0.0, EPSILON))
    printed = np.asarray(as_printed(z, mu, EPSILON))
    for layer in model.layers:
        if isinstance(layer, BatchNorm):  # as they were before the first step
            layer.moving_mean.assign(ops.zeros_like(layer.moving_mean))
            layer.moving_variance.assign(ops.ones_like(layer.moving_variance))
    assert setting.data.validation
    return [
        at_most("one batch, corrected formula: largest deviation of 300 units",
                float(correct.std(axis=0).max()), 1.0),
        at_least("one batch, printed formula: the same", float(printed.std(axis=0).max()), 5.0,
                 note=f"smallest {printed.std(axis=0).min():.2g}"),
        at_most("averages that were never moved: accuracy, over that of moved ones",
                share_right(model, setting.data.validation) / score, 0.9),
    ]  # fmt: skip


def largest(rates: Sequence[float], accuracies: Sequence[float], floor: float) -> float:
    """The largest rate with that accuracy; a third of the smallest where none has it."""
    reached = [rate for rate, score in zip(rates, accuracies, strict=True) if score >= floor]
    return max(reached, default=min(rates) / 3)


def told(numbers: Iterable[float]) -> str:
    """In a row."""
    return ", ".join(f"{number:.3g}" for number in numbers)
