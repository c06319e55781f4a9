"""Learning rates that fall, against rates that do not, in equal epochs.

The first document's schedules: piecewise constant, performance (divided by lambda where the
validation error stops falling), exponential `eta0 10^(-t/r)` and power `eta0 (1 + t/r)^-c`; large
steps first, then small ones. It adds that AdaGrad, RMSProp and Adam need none (E38).

Here: 784-300-50-10, momentum 0.9, batches of 50, as in the reference notebook's cell 155. All
schedules begin at the same rate and end at a tenth of it; they stand against both rates held
constant. Adam runs at its default 0.001 and at ten times that, with the exponential schedule and
without. Equal weights and batches within a seed; what is told is the mean over the seeds, and a
difference counts where it is larger than the widest spread, `max - min` over the seeds, of any,
and than 0.003.
"""

from statistics import mean
from typing import Any

import keras
import numpy as np

from dnn_tf import models, plots, schedules
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import at_least
from dnn_tf.experiments.setting import Setting
from dnn_tf.optimizers import Adam, Momentum
from dnn_tf.training import PerformanceSchedule

ETA0, BATCH_SIZE = 0.1, 50


def falling(eta0: float, steps: int) -> dict[str, Any]:
    """The document's schedules from `eta0` to a tenth of it in so many steps."""
    thirds = [steps // 3, 2 * steps // 3]
    return {
        "piecewise": schedules.PiecewiseConstant(thirds, [eta0, eta0 / 3, eta0 / 10]),
        "exponential": schedules.ExponentialDecay(eta0, decay_steps=steps, decay_rate=0.1),
        "power": schedules.PowerDecay(eta0, decay_steps=steps / 9, power=1),
    }


def reproduce(setting: Setting) -> Outcome:
    """Momentum with the schedules and two constant rates; Adam with a schedule and without."""
    seeds, epochs = setting.choose(((42, 1, 2), 5), ((42,), 4))
    steps = epochs * -(-len(setting.data.train) // BATCH_SIZE)
    rates: dict[str, Any] = {"constant, large": ETA0, "constant, small": ETA0 / 10}
    rates |= falling(ETA0, steps) | {"performance": ETA0}
    ones = setting.choose(list(rates), ["constant, large", "exponential", "performance"])
    runs = {
        f"momentum, {name}": [
            trained(Momentum(rates[name], 0.9), setting, seed, epochs,
                    every=steps // 20 if name == "performance" else None)
            for seed in seeds
        ]
        for name in ones
    }  # fmt: skip
    for eta in setting.choose((0.001, 0.01), (0.01,)):
        exponential = falling(eta, steps)["exponential"]
        for name, rate in {f"Adam, {eta:g}": eta, f"Adam, {eta:g} falling": exponential}.items():
            runs[name] = [trained(Adam(rate), setting, seed, epochs) for seed in seeds]
    scores = {name: [run["val_accuracy"][-1] for run in group] for name, group in runs.items()}
    best = {name: mean(score) for name, score in scores.items()}
    noise = max(0.003, *(max(score) - min(score) for score in scores.values()))
    fallen = [name for name in scores if name[10:] in (*falling(1.0, 9), "performance")]
    constant = max(best[name] for name in scores if "constant" in name)
    gains = {
        name: best[f"{name} falling"] - best[name] for name in scores if f"{name} falling" in best
    }
    large = best["momentum, constant, large"]
    rows = [
        *(at_least(f"{name}: validation accuracy", value, setting.choose(0.96, 0.8),
                   note=f"{min(scores[name]):.4f} to {max(scores[name]):.4f}")
          for name, value in best.items()),
        at_least("momentum, exponential, less the large constant rate",
                 best["momentum, exponential"] - large, setting.choose(0.003, -0.01)),
        at_least("Adam at 0.01: what falling adds", gains["Adam, 0.01"],
                 setting.choose(0.003, -0.01)),
    ]  # fmt: skip
    claims = [
        Claim(
            "The first and fourth documents: large steps first, then small ones, are better than "
            "either alone.",
            all(best[name] > constant + noise for name in fallen),
            f"{', '.join(f'{name[10:]} {best[name]:.4f}' for name in fallen)}; the better constant "
            f"rate {constant:.4f}; the seeds differ by up to {noise:.4f}.",
        ),
        Claim(
            "The first document: Adam needs no schedule.",
            all(gain <= noise for gain in gains.values()),
            "; ".join(f"{name}: a falling rate adds {gain:+.4f}" for name, gain in gains.items())
            + f"; the seeds differ by up to {noise:.4f}.",
        ),
    ]
    figure = plots.lines(
        *(
            plots.Panel(
                {name.removeprefix(f"{kind}, "): np.mean([run["val_accuracy"] for run in group], 0)
                 for name, group in runs.items() if name.startswith(kind)},
                x="epoch", y="validation accuracy", title=f"{kind}, mean of {len(seeds)} seeds"
                if len(seeds) > 1 else kind,
            )
            for kind in ("momentum", "Adam")
        ),
        plots.Panel(
            {name.removeprefix("momentum, "): runs[name][0]["learning_rate"] for name in runs
             if name.startswith("momentum")},
            x="epoch", y="rate at its end", log_y=True, title="The rates",
        ),
        title="Learning rates that fall, and rates that do not",
    )  # fmt: skip
    return Outcome(rows, figure, claims)


def trained(
    optimizer: keras.optimizers.Optimizer,
    setting: Setting,
    seed: int,
    epochs: int,
    every: int | None = None,
) -> dict[str, list[float]]:
    """The history; `every` so many steps the rate is divided by 10^(1/2) if the loss is no less."""
    keras.utils.set_random_seed(seed)
    performance = PerformanceSchedule(every, factor=10**-0.5, min_learning_rate=ETA0 / 10)
    return setting.fit(
        models.dnn(hidden=(300, 50), layer=keras.layers.Dense), optimizer, epochs=epochs,
        batch_size=BATCH_SIZE, seed=seed, callbacks=[performance] if every else [],
    )  # fmt: skip
