"""Eight optimisers on a valley, beside a saddle, and on MNIST.

A valley: `f = 1/2 (u^2 + kappa v^2)`, `kappa` = 100 times as steep across as along, turned by 30
degrees against the weights (along them, those with a rate a weight would not see it). At the best
rate gradient descent comes nearer by `(kappa - 1) / (kappa + 1)` a step; momentum gains where
`kappa` is large, and nothing where it is 1. That is what it is for: the first document says unequal
classes (E31), and there, at equal `eta / (1 - beta)`, it gains nothing.

Beside a saddle, `f = 1/2 x^2 + 1/4 y^4 - 1/2 y^2`: from a point on the ridge nothing but noise
leaves; from 1e-6 beside it the documents' optimisers all do, those that divide by the size of the
gradients at once.

Nesterov takes the gradient ahead, at `w - beta m`. The first document prints `w + beta m` (E32),
which looks back. AdaGrad "stops too early" for networks (O15): its rate falls like `1 / sqrt(t)`.
FTRL computes the weight anew from what it has seen, so that it discards the start (O13).
"""

import numpy as np
import tensorflow as tf
from keras import ops

from dnn_tf import models, optimizers, plots
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most
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

RATES = np.geomspace(1e-4, 10, 51)[:, None]
"""Tried in the valley all at once, `(rates, 1)`; each optimiser is told by its best."""

RACERS = {
    "gradient descent": (optimizers.GradientDescent(), (0.01, 0.1, 0.5)),
    "momentum": (optimizers.Momentum(), (0.001, 0.01, 0.1)),
    "Nesterov": (optimizers.Nesterov(), (0.001, 0.01, 0.1)),
    "AdaGrad": (optimizers.AdaGrad(), (0.01, 0.05, 0.2)),
    "RMSProp": (optimizers.RMSProp(), (0.0001, 0.001, 0.01)),
    "Adam": (optimizers.Adam(), (0.0001, 0.001, 0.01)),
    "FTRL": (optimizers.FTRL(), (0.01, 0.05, 0.2)),
    "AdaDelta": (optimizers.AdaDelta(), (0.1, 1.0, 3.0)),
}
"""Each with the rates that it tries on MNIST."""

LONG = 400
"""Steps on the saddle."""


def reproduce(setting: Setting) -> Outcome:
    """The valley, the saddle, unequal classes, MNIST."""
    steps = setting.choose(2000, 700)
    start = LOWEST + 1
    paths = {name: walk(racer, valley, start, steps, RATES) for name, (racer, _) in RACERS.items()}
    arrivals = {name: arrival(path) for name, path in paths.items()}
    fewest = {name: number for name, (number, _) in arrivals.items()}
    right, printed = (arrival(nesterov(sign, RATES, steps))[0] for sign in (-1, 1))
    best_rate = np.array([[2 / (1 + KAPPA)]])
    descent = walk(RACERS["gradient descent"][0], valley, start, 10, best_rate)
    distance = np.linalg.norm(descent[:, 0] - LOWEST, axis=-1)
    even = [
        arrival(walk(RACERS[name][0], lambda w: valley(w, 1.0), start, 400, RATES), 1.0)[0]
        for name in ("gradient descent", "momentum")
    ]
    off, on = leaving(1e-6), leaving(0.0)
    minority = [
        unequal_classes(RACERS[name][0], rate)
        for name, rate in (("gradient descent", 0.1), ("momentum", 0.01))
    ]
    left, left_of_kept = share_left(False, setting), share_left(True, setting)
    ftrl = RACERS["FTRL"][0]
    histories, rates = on_mnist(setting)
    accuracy = {name: history["val_accuracy"][-1] for name, history in histories.items()}
    gain = fewest["gradient descent"] / fewest["momentum"]
    rows = [
        Row("valley, gradient descent at its best rate: distance kept a step",
            float(distance[-1] / distance[-2]), (KAPPA - 1) / (KAPPA + 1), 1e-6),
        *(Row(f"valley, {name}: steps", number if number <= steps else None,
              note=f"at the rate {RATES[arrivals[name][1], 0]:.2g}" if number <= steps
              else f"not in {steps}") for name, number in fewest.items()),
        at_least("valley: steps of gradient descent over momentum's", gain, 2),
        at_most("the same where it is as flat across as along (kappa = 1)", even[0] / even[1], 1),
        Row("unequal classes: loss of the few, momentum's over gradient descent's",
            minority[1] / minority[0], 1, 0.05),
        at_least("valley: steps of Nesterov's as printed, over those of the right sign",
                 printed / right, 1.1),
        *(at_most(f"saddle, {name}: steps to leave from 1e-6 beside the ridge", float(number), 400)
          for name, number in off.items() if name != "AdaDelta"),
        Row("saddle: optimisers that leave from the ridge itself",
            float(sum(number <= LONG for number in on.values())), 0),
        Row("FTRL: a weight of 1 after a gradient of 0.5 at the rate 0.01",
            float(ftrl.rule(1.0, 0.5, 0.01, 1, *ftrl.memory().values())[0]), 0.457, 0.001),
        at_most("FTRL: share of the start's norm after one step on MNIST", left, 0.1),
        at_least("FTRL(keep_start=True): the same", left_of_kept, 0.9),
        *(at_least(f"MNIST, {name}: validation accuracy", value, setting.choose(0.95, 0.7),
                   note=f"at the rate {rates[name]:g}") for name, value in accuracy.items()),
    ]  # fmt: skip
    claims = [
        Claim(
            "The first document: momentum is faster than gradient descent.",
            gain > 1 and accuracy["momentum"] > accuracy["gradient descent"] - 0.003,
            f"{gain:.1f} times in the valley; {accuracy['momentum']:.4f} against "
            f"{accuracy['gradient descent']:.4f} on MNIST, each at its best rate.",
        ),
        Claim(
            "The first document: what momentum helps with is classes of unequal size.",
            minority[1] < 0.9 * minority[0],
            f"at equal eta / (1 - beta) the loss of the few is {minority[1]:.3f} after 300 steps, "
            f"and {minority[0]:.3f} without; in a valley it takes {gain:.1f} times fewer steps.",
        ),
        Claim(
            "The first document: AdaGrad stops too early for networks.",
            accuracy["AdaGrad"] < max(accuracy.values()) - 0.01,
            f"{accuracy['AdaGrad']:.4f} at the rate {rates['AdaGrad']:g}, the best of all "
            f"{max(accuracy.values()):.4f}, gradient descent {accuracy['gradient descent']:.4f}.",
        ),
        Claim(
            "The fourth document: momentum gets away from saddles.",
            off["momentum"] < off["gradient descent"],
            f"from beside the ridge in {off['momentum']} steps (gradient descent "
            f"{off['gradient descent']}, Adam {off['Adam']}); from the ridge itself nothing does.",
        ),
    ]
    figure = plots.lines(
        plots.Panel(
            {name: tuple(paths[name][:80, arrivals[name][1]].T) for name in
             ("gradient descent", "momentum", "AdaGrad", "Adam")},
            x="first weight", y="second weight",
            title="80 steps in a valley to (2, 2)",
        ),
        plots.Panel(
            {name: beside_saddle(name, 1e-6) for name in RACERS},
            x="step", y="distance from the ridge", title="Beside a saddle", log_y=True,
        ),
        plots.Panel(
            {name: history["val_accuracy"] for name, history in histories.items()},
            x="epoch", y="validation accuracy", title="MNIST, each at its best rate",
        ),
        title="Optimisers from equal starts",
    )  # fmt: skip
    return Outcome(rows, figure, claims)


def beside_saddle(name: str, beside: float) -> np.ndarray:
    """The distance from the ridge; at the rate 0.05, but 1 for AdaDelta, whose paper has none."""
    rate = np.array([[1.0 if name == "AdaDelta" else 0.05]])
    return np.abs(walk(RACERS[name][0], saddle, np.array([1.0, beside]), LONG, rate)[:, 0, 1])


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


def on_mnist(setting: Setting) -> tuple[dict[str, dict[str, list[float]]], dict[str, float]]:
    """The history of each at the rate with the best validation accuracy, and that rate."""
    histories, best = {}, {}
    for name in setting.choose(list(RACERS), ["gradient descent", "momentum", "AdaGrad", "Adam"]):
        racer, rates = RACERS[name]
        runs = {rate: trained(racer, rate, setting) for rate in setting.choose(rates, rates[-2:-1])}
        best[name] = max(runs, key=lambda rate: runs[rate]["val_accuracy"][-1])
        histories[name] = runs[best[name]]
    return histories, best


def trained(
    racer: FormulaOptimizer, rate: float, setting: Setting
) -> dict[str, list[float]]:  # fmt: skip
    """The history on MNIST, from the same weights for all."""
    setting.seeded()
    optimizer = type(racer).from_config({**racer.get_config(), "learning_rate": rate})
    return setting.fit(
        models.dnn(kernel_initializer="he_normal"), optimizer, epochs=setting.choose(5, 3),
        batch_size=50,
    )  # fmt: skip
