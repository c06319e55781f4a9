"""Eight optimisers on a valley, beside a saddle, and on MNIST.

A valley: `f = 1/2 (u^2 + kappa v^2)`, `kappa` = 100 times as steep across as along, turned by 30
degrees against the weights (along them, those with a rate a weight would not see it). At the best
rate gradient descent comes nearer by `(kappa - 1) / (kappa + 1)` a step; momentum can gain where
`kappa` is large, and nothing where it is 1. The first document says that it helps with unequal
classes (E31); there the two have equal `eta / (1 - beta)`, as they have beside the saddle.

Beside a saddle, `f = 1/2 x^2 + 1/4 y^4 - 1/2 y^2`: from a point on the ridge nothing but noise
leaves; the documents' optimisers start 1e-6 beside it.

Nesterov takes the gradient ahead, at `w - beta m`. The first document prints `w + beta m` (E32),
which looks back. It expects AdaGrad, whose rate falls like `1 / sqrt(t)`, to "stop too early" for
networks, and RMSProp to mend that (O15). FTRL computes the weight anew from what it has seen, so
that it discards the start (O13).

On MNIST, 10,000 images in 5 epochs, each optimiser has the best rate of one grid for all: it is
found on the validation images of the first seed, with a worse one on either side. What is told is
the accuracy on the test images, and differences are judged seed by seed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from matplotlib.figure import Figure

from dnn_tf import models, optimizers, plots
from dnn_tf.experiments.evidence import paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rates import climb
from dnn_tf.experiments.rows import Row, at_least, at_most, spread
from dnn_tf.experiments.scoring import share_right
from dnn_tf.experiments.setting import Setting
from dnn_tf.experiments.surfaces import (
    KAPPA,
    LOWEST,
    arrival,
    nesterov,
    saddle,
    unequal_classes,
    valley,
    walk,
)
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.types import DivergenceError

RATES = np.geomspace(1e-4, 10, 51)[:, None]
"""Tried in the valley all at once, `(rates, 1)`; each optimiser is told by its best."""

DESCENT, MOMENTUM = "gradient descent", "momentum"
RACERS: dict[str, tuple[FormulaOptimizer, float, float]] = {
    DESCENT: (optimizers.GradientDescent(), 0.5, 0.1),
    MOMENTUM: (optimizers.Momentum(), 0.05, 0.01),
    "Nesterov": (optimizers.Nesterov(), 0.05, 0.01),
    "AdaGrad": (optimizers.AdaGrad(), 0.05, 0.03),
    "RMSProp": (optimizers.RMSProp(), 0.05, 0.001),
    "Adam": (optimizers.Adam(), 0.05, 0.001),
    "FTRL": (optimizers.FTRL(), 0.05, 0.03),
    "AdaDelta": (optimizers.AdaDelta(), 1.0, 1.0),
}
"""Each with its rate beside the saddle, where eta / (1 - beta) is 0.5 for the first three, and the
rate that it tries first on MNIST."""

LONG = 400
"""Steps on the saddle."""


@dataclass(frozen=True)
class Surfaces:
    """What was measured on surfaces.

    Args:
        paths: in the valley, `(steps + 1, rates, 2)`.
        arrivals: there, the fewest steps and the place of that rate.
        gain: how many times fewer momentum needs than gradient descent.
        off, on: steps to leave from beside the ridge, and from it.
        few, few_momentum: loss of the few of unequal classes, for each seed.
    """

    paths: Mapping[str, np.ndarray]
    arrivals: Mapping[str, tuple[int, int]]
    gain: float
    off: Mapping[str, int]
    on: Mapping[str, int]
    few: list[float]
    few_momentum: list[float]


@dataclass(frozen=True)
class Race:
    """Of each optimiser on MNIST: the test accuracy for each seed, and its rate."""

    scores: Mapping[str, list[float]]
    rates: Mapping[str, float]


def reproduce(setting: Setting) -> Outcome:
    """The valley, the saddle, unequal classes, MNIST."""
    found, race = on_surfaces(setting), on_mnist(setting)
    told = [*rows_of_surfaces(found, setting), *rows_of_mnist(race, setting)]
    return Outcome(told, drawn(found, race), claims(found, race))


def on_surfaces(setting: Setting) -> Surfaces:
    """Leads all of them over all surfaces."""
    steps = setting.choose(2000, 700)
    paths = {name: walk(racer, valley, LOWEST + 1, steps, RATES)
             for name, (racer, *_) in RACERS.items()}  # fmt: skip
    arrivals = {name: arrival(path) for name, path in paths.items()}
    few, few_momentum = (
        [unequal_classes(RACERS[name][0], rate, seed) for seed in setting.seeds(5)]
        for name, rate in ((DESCENT, 0.1), (MOMENTUM, 0.01))
    )
    return Surfaces(
        paths, arrivals, arrivals[DESCENT][0] / arrivals[MOMENTUM][0], leaving(1e-6), leaving(0.0),
        few, few_momentum,
    )  # fmt: skip


def rows_of_surfaces(found: Surfaces, setting: Setting) -> list[Row]:
    """The valley, unequal classes, the saddle."""
    steps = setting.choose(2000, 700)
    best_rate = np.array([[2 / (1 + KAPPA)]])
    descent = walk(RACERS[DESCENT][0], valley, LOWEST + 1, 10, best_rate)
    distance = np.linalg.norm(descent[:, 0] - LOWEST, axis=-1)
    even = [
        arrival(walk(RACERS[name][0], lambda w: valley(w, 1.0), LOWEST + 1, 400, RATES), 1.0)[0]
        for name in (DESCENT, MOMENTUM)
    ]
    right, printed = (arrival(nesterov(sign, RATES, steps))[0] for sign in (-1, 1))
    return [
        Row("valley, gradient descent at its best rate: distance kept a step",
            float(distance[-1] / distance[-2]), (KAPPA - 1) / (KAPPA + 1), 1e-6),
        *(Row(f"valley, {name}: steps", number if number <= steps else None,
              note=f"at the rate {RATES[place, 0]:.2g}" if number <= steps
              else f"not in {steps} at any rate")
          for name, (number, place) in found.arrivals.items()),
        at_least("valley: steps of gradient descent over momentum's", found.gain, 2),
        at_most("the same where it is as flat across as along (kappa = 1)", even[0] / even[1], 1),
        Row("unequal classes: loss of the few, momentum's over gradient descent's",
            mean(found.few_momentum) / mean(found.few), 1, 0.05),
        at_least("valley: steps of Nesterov's as printed, over those of the right sign",
                 printed / right, 1.1),
        *(at_most(f"saddle, {name}: steps to leave from 1e-6 beside the ridge", float(number), LONG,
                  note=f"at the rate {RACERS[name][1]:g}")
          for name, number in found.off.items() if name != "AdaDelta"),
        Row("saddle: optimisers that leave from the ridge itself",
            float(sum(number <= LONG for number in found.on.values())), 0),
    ]  # fmt: skip


def rows_of_mnist(race: Race, setting: Setting) -> list[Row]:
    """FTRL's start, and the race."""
    ftrl = optimizers.FTRL()
    return [
        Row("FTRL: a weight of 1 after a gradient of 0.5 at the rate 0.01",
            float(ftrl.rule(1.0, 0.5, 0.01, 1, *ftrl.memory().values())[0]), 0.457, 0.001),
        at_most("FTRL: share of the start's norm after one step on MNIST",
                share_left(False, setting), 0.1),
        at_least("FTRL(keep_start=True): the same", share_left(True, setting), 0.9),
        *(
            at_least(f"MNIST, {name}: test accuracy", mean(values), setting.choose(0.9, 0.7),
                     note="; ".join(filter(None, (f"at the rate {race.rates[name]:g}",
                                                  spread(values)))))
            for name, values in race.scores.items()
        ),
    ]  # fmt: skip


def claims(found: Surfaces, race: Race) -> list[Claim]:
    """Momentum in a valley, on MNIST, with unequal classes and beside a saddle; AdaGrad."""
    at = {name: f"{mean(values):.4f}" for name, values in race.scores.items()}
    faster = paired(race.scores[MOMENTUM], race.scores[DESCENT])
    # a tenth less is what helps; a thousandth, which every seed shows, is not
    helped = paired([0.9 * loss for loss in found.few], found.few_momentum)
    behind = paired(race.scores["RMSProp"], race.scores["AdaGrad"])
    return [
        Claim(
            "The first document: momentum is faster than gradient descent (in a valley).",
            found.gain > 1,
            f"it takes {found.gain:.1f} times fewer steps, each at its best rate.",
        ),
        Claim(
            "The first document: momentum is faster than gradient descent (on MNIST, after equal "
            "epochs).",
            faster.above(),
            f"{at[MOMENTUM]} against {at[DESCENT]}, each at its best rate: {faster}.",
        ),
        Claim(
            "The first document: what momentum helps with is classes of unequal size.",
            helped.above(),
            f"at equal eta / (1 - beta) the loss of the few is {mean(found.few_momentum):.3f} "
            f"after 300 steps, and {mean(found.few):.3f} without.",
        ),
        Claim(
            "The first document: AdaGrad stops too early for networks, and RMSProp mends that.",
            behind.above(),
            f"{at['AdaGrad']} at the rate {race.rates['AdaGrad']:g}, RMSProp {at['RMSProp']} at "
            f"{race.rates['RMSProp']:g} ({behind}), gradient descent {at[DESCENT]}.",
        ),
        Claim(
            "The fourth document: momentum gets away from saddles where gradient descent stays.",
            found.off[MOMENTUM] < found.off[DESCENT],
            f"from beside the ridge in {found.off[MOMENTUM]} steps, gradient descent in "
            f"{found.off[DESCENT]} at equal eta / (1 - beta); from the ridge itself "
            f"{sum(number <= LONG for number in found.on.values())} of {len(found.on)} leave.",
        ),
    ]


def drawn(found: Surfaces, race: Race) -> Figure:
    """Paths in the valley, distances from the ridge, the race."""
    few = (DESCENT, MOMENTUM, "AdaGrad", "Adam")
    return plots.lines(
        plots.Panel(
            {name: tuple(found.paths[name][:80, found.arrivals[name][1]].T) for name in few},
            x="first weight", y="second weight", title="80 steps in a valley to (2, 2)",
        ),
        plots.Panel(
            {f"{name}, rate {RACERS[name][1]:g}": beside_saddle(name, 1e-6)[:150] for name in few},
            x="step", y="distance from the ridge", title="Beside a saddle", log_y=True,
        ),
        plots.Dots({f"{name}, rate {race.rates[name]:g}": v for name, v in race.scores.items()},
                   x="test accuracy", title="MNIST, each at its best rate"),
        title="Optimisers from equal starts",
    )  # fmt: skip


def beside_saddle(name: str, beside: float) -> np.ndarray:
    """The distance from the ridge, before each step and after the last."""
    racer, rate, _ = RACERS[name]
    return np.abs(walk(racer, saddle, np.array([1.0, beside]), LONG, np.array([[rate]]))[:, 0, 1])


def leaving(beside: float) -> dict[str, int]:
    """Steps until each optimiser is 1/2 away from the ridge; `LONG + 1` where it is not."""
    found = {}
    for name in RACERS:
        gone = beside_saddle(name, beside) > 0.5
        found[name] = int(np.argmax(gone)) if gone.any() else LONG + 1
    return found


def share_left(keep_start: bool, setting: Setting) -> float:
    """The norm of a network's kernels after one step of FTRL, over that before."""
    setting.seeded()
    model, rows = models.dnn(), slice(0, 50)
    before = [layer.kernel.numpy() for layer in model.layers[1:]]
    with tf.GradientTape() as tape:
        outputs = model(setting.data.train.x[rows])
        loss = ops.mean(sparse_softmax_cross_entropy(setting.data.train.y[rows], outputs))
    weights = model.trainable_variables
    optimizers.FTRL(0.05, keep_start=keep_start).apply(tape.gradient(loss, weights), weights)
    after = [layer.kernel.numpy() for layer in model.layers[1:]]
    norms = [np.sqrt(sum(np.sum(kernel**2) for kernel in kernels)) for kernels in (after, before)]
    return float(norms[0] / norms[1])


def on_mnist(setting: Setting) -> Race:
    """The rate of each, then the test accuracy for each seed."""
    seeds = setting.seeds(setting.choose(3, 1))
    scores, rates = {}, {}
    for name in setting.choose(list(RACERS), [DESCENT, MOMENTUM, "AdaGrad", "RMSProp"]):
        rates[name] = rate = suited(name, setting, seeds[0])
        scores[name] = [trained(name, rate, setting, seed)[0] for seed in seeds]
    return Race(scores, rates)


def suited(name: str, setting: Setting, seed: int) -> float:
    """The rate with the best validation accuracy; in quick mode the first guess."""
    start = RACERS[name][2]
    if setting.quick:
        return start
    return climb(lambda rate: trained(name, rate, setting, seed)[1], start)


def trained(name: str, rate: float, setting: Setting, seed: int) -> tuple[float, float]:
    """Accuracy on the test and on the validation images, those of guessing where it diverged."""
    keras.utils.set_random_seed(seed)
    racer = RACERS[name][0]
    optimizer = type(racer).from_config({**racer.get_config(), "learning_rate": rate})
    model = models.dnn(kernel_initializer="he_normal")
    try:
        history = setting.fit(
            model, optimizer, epochs=setting.choose(5, 3), data=setting.first(10_000),
            batch_size=50, seed=seed, jit_compile=False,
        )  # fmt: skip
    except DivergenceError:
        return 1 / 10, 1 / 10
    test = setting.data.test
    assert test
    return share_right(model, test), history["val_accuracy"][-1]
