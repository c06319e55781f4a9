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
equal weights, gradient descent at 0.01, equal epochs: the seconds and the steps of an epoch, the
loss that it comes to, and the noise of the gradient, `||g_M - g|| / ||g||` over 5,000 rows, which
falls like `1 / sqrt(M)` where rows are drawn one by one, and grows as the gradient of all rows gets
small. Then a step of one row may well point away from it. Seconds are told, and judged by no row.
"""

import keras
import numpy as np
from keras import ops

from dnn_tf import models, plots
from dnn_tf.backpropagation import backward, forward, layers_of
from dnn_tf.data import Dataset
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most
from dnn_tf.experiments.setting import Setting
from dnn_tf.optimizers import GradientDescent

RATE = 0.01
SIZES: dict[str, int | str] = {"batch": "all", "mini-batch": 50, "stochastic": 1}


def reproduce(setting: Setting) -> Outcome:
    """Noise of the gradient, then training with each size."""
    many = setting.choose(55_000, 2000)
    epochs, draws = setting.choose((3, 200), (2, 40))
    runs = {name: trained(setting, size, epochs, many) for name, size in SIZES.items()}
    histories = {name: history for name, (_, history) in runs.items()}
    rows_of_all = setting.data.train.x[:5000], setting.data.train.y[:5000]
    setting.seeded()
    at_start = noise(models.dnn(), *rows_of_all, draws)
    later = noise(runs["mini-batch"][0], *rows_of_all, draws)
    wrong = {size: share for size, (_, share) in later.items()}
    seconds = {name: history["seconds"][-1] for name, history in histories.items()}
    loss = {name: history["val_loss"][-1] for name, history in histories.items()}
    a_step = {
        name: seconds[name] / (1 if size == "all" else many / int(size))
        for name, size in SIZES.items()
    }
    ratio = at_start[1][0] / at_start[100][0]
    rows = [
        Row("noise of the gradient of 1 row over that of 100", ratio, 10, 2, note="sqrt(100)"),
        Row("after training, 1 row: share of steps that point away from that of all rows",
            wrong[1]),
        Row("after training, 100 rows: the same", wrong[100]),
        at_least("the difference of the two", wrong[1] - wrong[100], 0.1),
        at_least("noise of the gradient of 100 rows after training, over that at the start",
                 later[100][0] / at_start[100][0], 1.5),
        *(Row(f"{name}: loss on the validation images after {epochs} epochs", loss[name],
              note=f"{seconds[name]:.2g} s an epoch, {a_step[name]:.2g} s a step")
          for name in SIZES),
        at_most("mini-batch: loss over that of batch, equal epochs",
                loss["mini-batch"] / loss["batch"], 0.7),
        at_most("stochastic: the same", loss["stochastic"] / loss["batch"], 0.7),
    ]  # fmt: skip
    claims = [
        Claim(
            "The fourth document: the whole batch converges stably, one row does not, some rather.",
            wrong[1] > 2 * wrong[100],
            f"after some training {wrong[1]:.0%} of the steps with 1 row point away from the "
            f"gradient of all rows, of those with 100 {wrong[100]:.0%}.",
        ),
        Claim(
            "The fourth and fifth documents: the whole batch is slow.",
            loss["batch"] > 1.3 * max(loss["mini-batch"], loss["stochastic"]),
            f"after {epochs} epochs, {epochs} steps: loss {loss['batch']:.2f}; mini-batch "
            f"{loss['mini-batch']:.2f}, stochastic {loss['stochastic']:.2f}.",
        ),
    ]
    figure = plots.lines(
        plots.Panel(
            {
                "at the start": (list(at_start), [value for value, _ in at_start.values()]),
                "after training": (list(later), [value for value, _ in later.values()]),
                "1 / sqrt(M)": ([1, 1000], [at_start[1][0], at_start[1][0] / 1000**0.5]),
            },
            x="rows M of a batch", y="||g_M - g|| / ||g||", log_x=True, log_y=True,
            title="Noise of the gradient",
        ),
        plots.Panel({name: h["val_loss"] for name, h in histories.items()}, x="epoch",
                    y="validation loss", title="At equal epochs"),
        plots.Panel(
            {name: (list(np.cumsum(h["seconds"])), h["val_loss"]) for name, h in histories.items()},
            x="seconds (this machine, compiling included)", y="validation loss", log_x=True,
            title="At equal time",
        ),
        title="Batch, mini-batch and stochastic gradient descent",
    )  # fmt: skip
    return Outcome(rows, figure, claims)


def trained(
    setting: Setting, batch_size: int | str, epochs: int, many: int
) -> tuple[keras.Model, dict[str, list[float]]]:
    """The model and the history of a training on so many rows."""
    setting.seeded()
    train = setting.data.train
    data = Dataset(type(train)(train.x[:many], train.y[:many]), setting.data.validation)
    model = models.dnn()
    return model, setting.fit(
        model, GradientDescent(RATE), data=data, epochs=epochs, batch_size=batch_size
    )


def flat_gradient(model: keras.Model, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """All gradients of the mean loss, by hand, one after the other.

    Shapes:
        `(batch, n_inputs)`, `(batch,)` -> `(weights,)`.
    """
    layers = layers_of(model)
    a, z = forward(x, layers)
    delta = (ops.softmax(z[-1]) - ops.one_hot(y, z[-1].shape[-1])) / len(y)
    return np.concatenate([np.ravel(g) for pair in backward(delta, a, z, layers) for g in pair])


def noise(
    model: keras.Model, x: np.ndarray, y: np.ndarray, draws: int
) -> dict[int, tuple[float, float]]:  # fmt: skip
    """By M: `||g_M - g|| / ||g||`, root mean square of some draws; and how often `g_M g < 0`."""
    g, rng = flat_gradient(model, x, y), np.random.default_rng(0)
    found = {}
    for size in (1, 10, 100, 1000):
        drawn = [rng.integers(len(y), size=size) for _ in range(draws)]
        gradients = np.stack([flat_gradient(model, x[i], y[i]) for i in drawn])
        square = np.mean(np.sum((gradients - g) ** 2, axis=1))
        found[size] = float(np.sqrt(square) / np.linalg.norm(g)), float(np.mean(gradients @ g < 0))
    return found
