"""Batch, stochastic and mini-batch gradient descent.

`theta <- theta - eta 1/M sum_i grad L(theta, x_i, y_i)` with M = all rows, 1 row, or some. The
fourth document's table:

| | batch | stochastic | mini-batch |
| --- | --- | --- | --- |
| samples a step | all | one | some |
| cost | high | low | medium |
| timeliness | low | medium | high |
| convergence | stable | unstable | rather stable |

The fifth says the same: whole batches learn slowly, single rows fluctuate. Here 784-300-100-10 from
equal weights, gradient descent, 5,000 images, and equal numbers of rows seen: whole batches take 10
steps for them, single rows 50,000. At one rate for all that alone would decide, so that each size
has the rate that suits it, found by the validation loss of the first seed. What is compared is the
loss on the test images, seed by seed. "Stable" is judged by the noise of the gradient,
`||g_M - g|| / ||g||`, which falls like `1 / sqrt(M)` where rows are drawn one by one, and grows as
the gradient of all rows gets small: then a step of one row may well point away from it. Seconds are
told, and judged by no row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure

from dnn_tf import models, plots
from dnn_tf.backpropagation import backward, forward, layers_of
from dnn_tf.experiments.evidence import every, paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rates import climb
from dnn_tf.experiments.rows import Row, at_least, spread
from dnn_tf.experiments.setting import Setting
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers import GradientDescent
from dnn_tf.types import DivergenceError

MINI = 50
SIZES: dict[str, tuple[int | str, float]] = {
    "batch": ("all", 0.3),
    "mini-batch": (MINI, 0.1),
    "stochastic": (1, 0.01),
}
"""Rows of a step, and the rate that is tried first."""

Noise = Mapping[int, tuple[float, float]]
"""By M: `||g_M - g|| / ||g||`, and the share of the steps that point away from `g`."""


@dataclass(frozen=True)
class Trained:
    """One network: what it came to.

    Args:
        model: after training.
        history: of it.
        loss: on the test images; infinite where it diverged.
    """

    model: keras.Model
    history: Mapping[str, list[float]]
    loss: float


def reproduce(setting: Setting) -> Outcome:
    """Training with each size at the rate that suits it, and the noise of the gradient."""
    seeds = setting.seeds(setting.choose(3, 1))
    rates = {name: suited(setting, name, seeds[0]) for name in SIZES}
    runs = {
        name: [trained(setting, name, rates[name], seed) for seed in seeds] for name in SIZES
    }  # fmt: skip
    at_start, later = noises(setting, seeds, [run.model for run in runs["mini-batch"]])
    losses = {name: [run.loss for run in group] for name, group in runs.items()}
    seconds = {name: group[-1].history["seconds"][-1] for name, group in runs.items()}
    curves = {
        f"{name}, rate {rates[name]:g}": np.mean([run.history["val_loss"] for run in group], axis=0)
        for name, group in runs.items()
    }
    return Outcome(
        rows(losses, rates, seconds, at_start, later), drawn(curves, losses, at_start, later),
        claims(losses, rates, later),
    )  # fmt: skip


def suited(setting: Setting, name: str, seed: int) -> float:
    """The rate with the least validation loss; in quick mode the first guess."""
    start = SIZES[name][1]

    def score(rate: float) -> float:
        losses = trained(setting, name, rate, seed).history.get("val_loss", [np.inf])
        return -float(losses[-1])

    return start if setting.quick else climb(score, start)


def trained(setting: Setting, name: str, rate: float, seed: int) -> Trained:
    """Trains on some thousand rows, from weights of the seed."""
    keras.utils.set_random_seed(seed)
    model, data = models.dnn(), setting.first(setting.choose(5000, 2000))
    try:
        history = setting.fit(
            model, GradientDescent(rate), data=data, epochs=setting.choose(10, 4),
            batch_size=SIZES[name][0], seed=seed, jit_compile=False,
        )  # fmt: skip
    except DivergenceError:
        return Trained(model, {}, np.inf)
    test = setting.data.test
    assert test
    loss = float(ops.mean(sparse_softmax_cross_entropy(test.y, model(test.x))))
    return Trained(model, history, loss)


def flat_gradient(model: keras.Model, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """All gradients of the mean loss, by hand, one after the other.

    Shapes:
        `(batch, n_inputs)`, `(batch,)` -> `(weights,)`.
    """
    layers = layers_of(model)
    a, z = forward(x, layers)
    delta = (ops.softmax(z[-1]) - ops.one_hot(y, z[-1].shape[-1])) / len(y)
    return np.concatenate([np.ravel(g) for pair in backward(delta, a, z, layers) for g in pair])


def noises(
    setting: Setting, seeds: list[int], models_trained: list[keras.Model]
) -> tuple[list[Noise], list[Noise]]:
    """Before training and after, for each seed."""
    x, y = setting.data.train.x[:5000], setting.data.train.y[:5000]
    draws, before = setting.choose(100, 30), []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        before.append(noise(models.dnn(), x, y, draws, seed))
    pairs = zip(models_trained, seeds, strict=True)
    return before, [noise(model, x, y, draws, seed) for model, seed in pairs]


def noise(model: keras.Model, x: np.ndarray, y: np.ndarray, draws: int, seed: int) -> Noise:
    """By M: `||g_M - g|| / ||g||`, root mean square of some draws; and how often `g_M g < 0`."""
    g, rng = flat_gradient(model, x, y), np.random.default_rng(seed)
    found = {}
    for size in (1, 10, MINI, 500):
        drawn = [rng.integers(len(y), size=size) for _ in range(draws)]
        gradients = np.stack([flat_gradient(model, x[i], y[i]) for i in drawn])
        square = np.mean(np.sum((gradients - g) ** 2, axis=1))
        found[size] = float(np.sqrt(square) / np.linalg.norm(g)), float(np.mean(gradients @ g < 0))
    return found


def away(runs: list[Noise], size: int) -> list[float]:
    """The share of the steps of so many rows that point away from the gradient of all."""
    return [found[size][1] for found in runs]


def rows(
    losses: Mapping[str, list[float]], rates: Mapping[str, float], seconds: Mapping[str, float],
    at_start: list[Noise], later: list[Noise],
) -> list[Row]:  # fmt: skip
    """Noise, then losses."""
    ratio = mean(found[1][0] / found[MINI][0] for found in at_start)
    grown = mean(b[MINI][0] / a[MINI][0] for a, b in zip(at_start, later, strict=True))
    return [
        Row(f"noise of the gradient of 1 row over that of {MINI}", ratio, MINI**0.5, 1.5,
            note=f"sqrt({MINI})"),
        Row("after training, 1 row: share of steps that point away from that of all rows",
            mean(away(later, 1)), note=spread(away(later, 1))),
        Row(f"after training, {MINI} rows: the same", mean(away(later, MINI)),
            note=spread(away(later, MINI))),
        at_least(f"noise of the gradient of {MINI} rows after training, over that at the start",
                 grown, 1.5),
        *(
            Row(f"{name}, rate {rates[name]:g}: test loss after equal numbers of rows",
                mean(values),
                note="; ".join(filter(None, (spread(values), f"{seconds[name]:.2g} s an epoch"))))
            for name, values in losses.items()
        ),
    ]  # fmt: skip


def claims(
    losses: Mapping[str, list[float]], rates: Mapping[str, float], later: list[Noise]
) -> list[Claim]:
    """Stability at the sizes that were trained with; the loss after equal numbers of rows."""
    one, some = away(later, 1), away(later, MINI)
    slower = {
        name: paired(losses["batch"], losses[name]) for name in ("mini-batch", "stochastic")
    }  # fmt: skip
    return [
        Claim(
            "The fourth document: the whole batch converges stably, one row does not, some rather.",
            paired(one, some).above(),
            f"after some training {mean(one):.0%} of the steps with 1 row point away from the "
            f"gradient of all rows, of those with {MINI} {mean(some):.0%}, "
            "of the whole batch none.",
        ),
        Claim(
            "The fourth and fifth documents: the whole batch is slow.",
            every(more.above() for more in slower.values()),
            "after equal numbers of rows, each at the rate that suits it: loss "
            + ", ".join(
                f"{name} {mean(loss):.3f} (rate {rates[name]:g})" for name, loss in losses.items()
            )
            + "; "
            + ", ".join(f"{more} more than {name}" for name, more in slower.items())
            + ".",
        ),
    ]  # fmt: skip


def drawn(
    curves: Mapping[str, np.ndarray], losses: Mapping[str, list[float]],
    at_start: list[Noise], later: list[Noise],
) -> Figure:  # fmt: skip
    """The noise by size, the validation loss by epoch, the test loss at the end."""
    sizes = list(at_start[0])
    before, after = (
        [mean(found[size][0] for found in runs) for size in sizes] for runs in (at_start, later)
    )
    return plots.lines(
        plots.Panel(
            {
                "1 / sqrt(M)": (sizes, [before[0] / size**0.5 for size in sizes]),
                "measured after training": (sizes, after),
            },
            x="rows M of a batch", y="||g_M - g|| / ||g||", log_x=True, log_y=True,
            title="Noise of the gradient", marks={"measured at the start": (sizes, before)},
        ),
        plots.Panel(curves, x="epoch (equal numbers of rows)", y="validation loss",
                    title="Each size at the rate that suits it"),
        plots.Dots(losses, x="test loss", title="At the end"),
        title="Batch, mini-batch and stochastic gradient descent",
    )  # fmt: skip
