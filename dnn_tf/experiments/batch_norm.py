"""Batch normalisation: bad starts, large learning rates, and whether it replaces dropout.

`z = gamma (x - mu) / sqrt(sigma^2 + epsilon) + beta`, with the batch's mean and variance in
training and moving averages in use. The documents say that it lets a network start from almost any
weights, take larger learning rates, and do without dropout. Here each pair starts from the same
weights and sees the same batches (784-300-100-10, ELU, gradient descent with batches of 200, as in
the reference notebook's cell 64), in several seeds.

The first document divides by `sqrt(mu^2) + epsilon`, the size of the mean (E39): a feature whose
mean is near 0 becomes huge. Its snippet never runs TF1's `UPDATE_OPS` (E40): the averages stay at 0
and 1, and the network that read its batches well is useless after training. (The fifth document
has batch normalisation standardise parameters, E41; it is activations.)
"""

from collections.abc import Iterable, Sequence
from statistics import mean
from typing import Any

import keras
import numpy as np
from keras import ops

from dnn_tf import initializers, models, plots
from dnn_tf.data import Dataset, Split
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most
from dnn_tf.experiments.setting import Setting
from dnn_tf.layers import BatchNorm
from dnn_tf.layers.batch_norm import normalize
from dnn_tf.metrics import accuracy
from dnn_tf.optimizers import GradientDescent
from dnn_tf.types import DivergenceError, Tensor

EPSILON = 1e-3
WIDTHS = (0.001, 0.05, 1.0, 10.0)
"""Standard deviations of the first weights; He's is 0.05 at 784 inputs."""

RATES = (0.01, 0.1, 1.0, 3.0, 10.0)

REGULARISED: dict[str, dict[str, Any]] = {
    "neither": {},
    "batch norm": {"batch_norm": True},
    "dropout 0.5": {"dropout": 0.5},
    "both": {"batch_norm": True, "dropout": 0.5},
}


def as_printed(x: Tensor, mu: Tensor, epsilon: float) -> Tensor:
    """The document's third step, `(x - mu) / (sqrt(mu^2) + epsilon)`."""
    return (x - mu) / (ops.sqrt(ops.square(mu)) + epsilon)


def reproduce(setting: Setting) -> Outcome:
    """Starts, rates, regularisation, and the two slips."""
    widths, rates = setting.choose((WIDTHS, RATES), ((1.0,), (0.1, 1.0)))
    seeds = setting.choose((42, 1, 2), (42,))
    by_width = compared(setting, seeds, [{"width": width} for width in widths])
    by_rate = compared(setting, seeds, [{"rate": rate} for rate in rates])
    (plain, normalised), (slow, fast) = by_width.values(), by_rate.values()
    few = Dataset(first(setting.data.train, 5000), setting.data.validation)
    words: dict[str, Any] = {
        "data": few,
        "rate": 0.1,
        "batch_size": 50,
        "epochs": setting.choose(20, 8),
    }
    names = list(REGULARISED)[: setting.choose(4, 3)]
    runs = {
        name: [trained(setting, seed, **REGULARISED[name], **words) for seed in seeds]
        for name in names
    }
    scores = {name: [score for _, score in kind] for name, kind in runs.items()}
    gaps = {
        name: mean(right(model, few.train) - score for model, score in kind)
        for name, kind in runs.items()
    }
    best = {name: mean(score) for name, score in scores.items()}
    noise = max(max(score) - min(score) for score in scores.values()) if len(seeds) > 1 else 0.01
    floor = setting.choose(0.9, 0.7)
    rows = [
        *(
            Row(f"weights of deviation {width:g}: accuracy with batch norm", b,
                note=f"without it {a:.4f}")
            for width, a, b in zip(widths, plain, normalised, strict=True)
        ),
        at_least("the worst of them, less the worst without it", min(normalised) - min(plain), 0.3),
        *(
            Row(f"learning rate {rate:g}: accuracy with batch norm", b,
                note=f"without it {a:.4f}")
            for rate, a, b in zip(rates, slow, fast, strict=True)
        ),
        at_least(f"the largest rate that comes to {floor}, over that without it",
                 largest(rates, fast, floor) / largest(rates, slow, floor), 3),
        *(
            at_least(f"{len(few.train):,} images, {name}: accuracy", best[name],
                     setting.choose(0.92, 0.85),
                     note=f"on the training images {gaps[name]:.3f} more")
            for name in names
        ),
        *slips(setting, *runs["batch norm"][0]),
    ]  # fmt: skip
    claims = [
        Claim(
            "The first and fifth documents: with batch normalisation the start matters less.",
            min(plain) + 0.02 < min(normalised),
            f"from weights of deviation {told(widths)} accuracies {told(normalised)}; without it "
            f"{told(plain)}.",
        ),
        Claim(
            "The fifth document: it allows larger learning rates.",
            largest(rates, slow, floor) < largest(rates, fast, floor),
            f"at rates {told(rates)} accuracies {told(fast)}; without it {told(slow)}.",
        ),
        Claim(
            "The first document: it regularises.",
            gaps["batch norm"] < gaps["neither"] - noise,
            f"training images are read better than others by {gaps['batch norm']:.3f} with it, by "
            f"{gaps['neither']:.3f} without, by {gaps['dropout 0.5']:.3f} with dropout; the "
            f"validation accuracy {best['batch norm']:.4f} with it, {best['neither']:.4f} without.",
        ),
        Claim(
            "The fifth document: it makes dropout needless.",
            best["batch norm"] > best["dropout 0.5"] - noise,
            f"{best['batch norm']:.4f} against {best['dropout 0.5']:.4f} with dropout, "
            f"{best['neither']:.4f} with neither"
            + (f", {best['both']:.4f} with both." if "both" in best else "."),
        ),
    ]
    figure = plots.lines(
        plots.Panel(
            {name: (list(widths), values) for name, values in by_width.items()},
            x="standard deviation of the first weights", y="validation accuracy", log_x=True,
            title="Starts", levels={"chance": 0.1},
        ),
        plots.Panel(
            {name: (list(rates), values) for name, values in by_rate.items()},
            x="learning rate", y="validation accuracy", log_x=True, title="Rates",
            levels={"chance": 0.1},
        ),
        title="Batch normalisation forgives bad starts and large rates",
    )  # fmt: skip
    return Outcome(rows, figure, claims)


def compared(
    setting: Setting, seeds: Sequence[int], cases: list[dict[str, Any]]
) -> dict[str, list[float]]:
    """The mean accuracy of the seeds in each case, without and with batch normalisation."""
    return {
        name: [
            mean(trained(setting, seed, **case, batch_norm=batch_norm)[1] for seed in seeds)
            for case in cases
        ]
        for name, batch_norm in (("without", False), ("with batch norm", True))
    }  # fmt: skip


def trained(
    setting: Setting, seed: int, *, width: float | None = None, rate: float = 0.1,
    epochs: int | None = None, batch_size: int = 200, data: Dataset | None = None, **words: Any,
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
            model, GradientDescent(rate), epochs=epochs or setting.choose(3, 5), data=data,
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
                right(model, setting.data.validation) / score, 0.9),
    ]  # fmt: skip


def right(model: keras.Model, split: Split) -> float:
    """The share of the rows that are read rightly."""
    return float(ops.mean(accuracy(split.y, model(split.x))))


def first(split: Split, rows: int) -> Split:
    """The first rows of a split."""
    return Split(split.x[:rows], split.y[:rows])


def largest(rates: Sequence[float], accuracies: Sequence[float], floor: float) -> float:
    """The largest rate with that accuracy; a third of the smallest where none has it."""
    reached = [rate for rate, score in zip(rates, accuracies, strict=True) if score >= floor]
    return max(reached, default=min(rates) / 3)


def told(numbers: Iterable[float]) -> str:
    """In a row."""
    return ", ".join(f"{number:.3g}" for number in numbers)
