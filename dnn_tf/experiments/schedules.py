"""Learning rates that fall, against rates that do not, in equal epochs.

The first document's schedules: piecewise constant, performance (divided by lambda where the
validation error stops falling), exponential `eta0 10^(-t/r)` and power `eta0 (1 + t/r)^-c`; large
steps first, then small ones. It adds that AdaGrad, RMSProp and Adam need none (E38).

Here: 784-300-50-10, momentum 0.9, batches of 50, as in the reference notebook's cell 155. All
schedules begin at the same rate and end at a tenth of it; they stand against both rates held
constant. Adam runs at its default 0.001 and at ten times that, with the exponential schedule and
without. Weights and batches are equal within a seed, and differences are judged seed by seed.
"""

from collections.abc import Mapping
from statistics import mean
from typing import Any

import keras
from matplotlib.figure import Figure

from dnn_tf import models, plots, schedules
from dnn_tf.experiments.evidence import Difference, every, paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, spread
from dnn_tf.experiments.setting import Setting
from dnn_tf.optimizers import Adam, Momentum
from dnn_tf.training import PerformanceSchedule

ETA0, BATCH_SIZE = 0.1, 50
LARGE, SMALL = "momentum, constant 0.1", "momentum, constant 0.01"

Histories = Mapping[str, list[dict[str, list[float]]]]
"""Of each learning rate, a history for each seed."""


def reproduce(setting: Setting) -> Outcome:
    """Momentum with the schedules and two constant rates; Adam with a schedule and without."""
    histories = measured(setting)
    scores = {name: [run["val_accuracy"][-1] for run in group] for name, group in histories.items()}
    return Outcome(rows(scores, setting), drawn(scores, histories), claims(scores))


def falling(eta0: float, steps: int) -> dict[str, Any]:
    """The document's schedules from `eta0` to a tenth of it in so many steps."""
    thirds = [steps // 3, 2 * steps // 3]
    return {
        "piecewise": schedules.PiecewiseConstant(thirds, [eta0, eta0 / 3, eta0 / 10]),
        "exponential": schedules.ExponentialDecay(eta0, decay_steps=steps, decay_rate=0.1),
        "power": schedules.PowerDecay(eta0, decay_steps=steps / 9, power=1),
    }


def measured(setting: Setting) -> Histories:
    """Trains with each rate from each seed."""
    seeds = setting.seeds(setting.choose(3, 1))
    epochs = setting.choose(4, 4)
    steps = epochs * -(-len(setting.data.train) // BATCH_SIZE)
    rates: dict[str, Any] = {LARGE: ETA0, SMALL: ETA0 / 10, "momentum, performance": ETA0}
    rates |= {f"momentum, {name}": rate for name, rate in falling(ETA0, steps).items()}
    for eta in (0.001, 0.01):
        rates |= {
            f"Adam, {eta:g}": eta,
            f"Adam, {eta:g} falling": falling(eta, steps)["exponential"],
        }
    few = [
        LARGE,
        "momentum, exponential",
        "momentum, performance",
        "Adam, 0.01",
        "Adam, 0.01 falling",
    ]
    return {
        name: [trained(name, rates[name], setting, seed, epochs, steps // 20) for seed in seeds]
        for name in setting.choose(list(rates), few)
    }


def trained(
    name: str, rate: Any, setting: Setting, seed: int, epochs: int, every: int
) -> dict[str, list[float]]:
    """The history; with performance, every so many steps the rate is divided by 10^(1/2) if the
    loss is no less.
    """
    keras.utils.set_random_seed(seed)
    performance = PerformanceSchedule(every, factor=10**-0.5, min_learning_rate=ETA0 / 10)
    return setting.fit(
        models.dnn(hidden=(300, 50), layer=keras.layers.Dense),
        Adam(rate) if name.startswith("Adam") else Momentum(rate, 0.9), epochs=epochs,
        batch_size=BATCH_SIZE, seed=seed, jit_compile=False,
        callbacks=[performance] if name.endswith("performance") else [],
    )  # fmt: skip


Scores = Mapping[str, list[float]]
"""Of each learning rate, a validation accuracy for each seed."""


def gains(scores: Scores) -> dict[str, Difference]:
    """What a falling rate adds to Adam."""
    return {
        name: paired(scores[f"{name} falling"], scores[name])
        for name in scores
        if f"{name} falling" in scores
    }


def rows(scores: Scores, setting: Setting) -> list[Row]:
    """All accuracies, and two differences."""
    large = paired(scores["momentum, exponential"], scores[LARGE])
    adam = gains(scores)["Adam, 0.01"]
    least = setting.choose(0.003, -0.01)
    return [
        *(
            at_least(f"{name}: validation accuracy", mean(values), setting.choose(0.95, 0.8),
                     note=spread(values))
            for name, values in scores.items()
        ),
        at_least("momentum: exponential, less constant 0.1", large.mean, least, note=str(large)),
        at_least("Adam at 0.01: what falling adds", adam.mean, least, note=str(adam)),
    ]  # fmt: skip


def claims(scores: Scores) -> list[Claim]:
    """Each schedule against the better constant rate; Adam with one against Adam without."""
    constant = max(
        (name for name in (LARGE, SMALL) if name in scores), key=lambda n: mean(scores[n])
    )
    fallen = {
        name: paired(values, scores[constant])
        for name, values in scores.items()
        if name.startswith("momentum") and name not in (LARGE, SMALL)
    }
    added = gains(scores)
    return [
        Claim(
            "The first and fourth documents: large steps first, then small ones, are better than "
            "either alone.",
            every(gain.above() for gain in fallen.values()),
            f"more than {constant.removeprefix('momentum, ')} ({mean(scores[constant]):.4f}): "
            + ", ".join(
                f"{name.removeprefix('momentum, ')} {gain}" for name, gain in fallen.items()
            )
            + ".",
        ),
        Claim(
            "The first document: Adam needs no schedule.",
            every(paired(scores[name], scores[f"{name} falling"]).above() for name in added),
            "; ".join(f"{name}: a falling rate adds {gain}" for name, gain in added.items()) + ".",
        ),
    ]


def drawn(scores: Scores, histories: Histories) -> Figure:
    """The accuracies beside their names, and the rates."""
    rates = {
        name.removeprefix("momentum, "): runs[0]["learning_rate"]
        for name, runs in histories.items()
        if name.startswith("momentum")
    }
    return plots.lines(
        plots.Dots(scores, x="validation accuracy", title="After equal epochs"),
        plots.Panel(
            {name: rate for name, rate in rates.items() if "constant" not in name},
            x="epoch", y="learning rate at its end", log_y=True, title="Momentum's rates that fall",
        ),
        title="Learning rates that fall, and rates that do not",
    )  # fmt: skip
