"""Mean absolute error against squared error where labels are spoilt.

The fifth document: squared error is easier to calculate, absolute error is more robust, since
outliers weigh less in it; but its gradient is as large for a small error as for a large one, so the
learning rate has to fall.

A line `y = 2 x + 1` with noise of 0.1, and a bent curve `sin(3 x)` for a small network; a tenth of
the labels, all at the right end, is off by 8. The references of the lines: least squares in closed
form, and least absolute deviations by linear programming (scikit-learn's `QuantileRegressor`).
Huber's loss stands between the two.

The constant gradient is measured as the weight's unrest: how far it still moves over the last tenth
of the epochs, all rows in every step, from a constant and from a falling rate.
"""

from typing import Any

import keras
import numpy as np
from matplotlib.figure import Figure
from sklearn.linear_model import QuantileRegressor

from dnn_tf import losses, models, plots, schedules
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most
from dnn_tf.experiments.setting import Setting
from dnn_tf.layers import NeuronLayer
from dnn_tf.optimizers import Adam, GradientDescent
from dnn_tf.types import Measure

SLOPE, INTERCEPT, NOISE = 2.0, 1.0, 0.1
ROWS, SPOILT, OFF = 200, 20, 8.0
RATE, EPOCHS = 0.3, 300

LOSSES = {
    "squared error": losses.mean_squared_error,
    "Huber": losses.huber,
    "absolute error": losses.mean_absolute_error,
}


def reproduce(setting: Setting) -> Outcome:
    """Fits lines and curves to spoilt labels."""
    x, y, _ = rows_of(lambda x: SLOPE * x + INTERCEPT)
    lines = {name: fit_line(loss, x, y, RATE, setting) for name, loss in LOSSES.items()}
    falling = schedules.ExponentialDecay(RATE, decay_steps=EPOCHS // 3)
    settled = fit_line(losses.mean_absolute_error, x, y, falling, setting)
    slopes = {name: path[-1] for name, path in lines.items()}
    peers = {
        "squared error": float(np.polyfit(x[:, 0], y, 1)[0]),
        "absolute error": float(QuantileRegressor(alpha=0.0).fit(x, y).coef_[0]),
    }
    curves = fit_curves(setting)
    unrest_constant, unrest_falling = (unrest(path) for path in (lines["absolute error"], settled))
    ratio = curves["squared error"][1] / curves["absolute error"][1]
    rows = [
        Row("slope by squared error", slopes["squared error"], peers["squared error"], 1e-3,
            note="reference: least squares in closed form; the true slope is 2"),
        Row("slope by absolute error, falling rate", settled[-1], peers["absolute error"], 0.02,
            note="reference: linear programming"),
        at_most("slope by absolute error, distance from the truth", abs(settled[-1] - SLOPE), 0.1),
        Row("slope by Huber's loss", slopes["Huber"]),
        at_least("curve of a network: squared error's distance from it over absolute error's",
                 ratio, 3.0),
        at_least("unrest of the slope by absolute error, constant rate over falling",
                 unrest_constant / unrest_falling, 10.0),
        at_most("unrest of the slope by squared error, constant rate",
                unrest(lines["squared error"]), 1e-5),
    ]  # fmt: skip
    claims = [
        Claim(
            "The fifth document: absolute error is more robust to outliers than squared error.",
            abs(settled[-1] - SLOPE) < abs(slopes["squared error"] - SLOPE) and ratio > 1,
            f"slope {settled[-1]:.3f} against {slopes['squared error']:.3f} where 2 is right; the "
            f"network's curve is {ratio:.1f} times as near.",
        ),
        Claim(
            "The fifth document: its gradient does not shrink with the error, and a falling "
            "learning rate mends that.",
            unrest_constant > 10 * unrest_falling,
            f"the slope moves by {unrest_constant:.2g} a step at the end, and by "
            f"{unrest_falling:.1g} where the rate falls.",
        ),
    ]
    return Outcome(rows, drawn(lines, settled, curves), claims)


def rows_of(truth: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows from -1 to 1; the labels, of which those far right are spoilt; and the true ones."""
    rng = np.random.default_rng(1)
    x = np.sort(rng.uniform(-1, 1, ROWS)).astype("float32")[:, None]
    right = truth(x[:, 0])
    y = right + NOISE * rng.normal(size=ROWS)
    spoilt = rng.choice(np.arange(ROWS // 2, ROWS), SPOILT, replace=False)
    y[spoilt] -= OFF
    return x, y.astype("float32"), right


def fit_line(
    loss: Measure, x: np.ndarray, y: np.ndarray, rate: Any, setting: Setting
) -> np.ndarray:
    """The slope after every step of gradient descent; all rows in each."""
    model = keras.Sequential([keras.Input((1,)), NeuronLayer(1, kernel_initializer="zeros")])
    slopes: list[float] = []
    after = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: slopes.append(float(model.get_weights()[0][0, 0]))  # noqa: ARG005
    )
    setting.fit(
        model, GradientDescent(rate), data=(x, y), loss=loss, epochs=EPOCHS, batch_size="all",
        metrics=[], callbacks=[after],
    )  # fmt: skip
    return np.asarray(slopes)


def unrest(path: np.ndarray) -> float:
    """The mean size of a step over the last tenth."""
    last = path[-len(path) // 10 :]
    return float(np.mean(np.abs(np.diff(last))))


def fit_curves(setting: Setting) -> dict[str, tuple[np.ndarray, float]]:
    """A 1-50-50-1 network's curve, and its root mean squared distance from the true one."""
    x, y, right = rows_of(lambda x: np.sin(3 * x))
    found = {}
    for name in ("squared error", "absolute error"):
        setting.seeded()
        model = models.dnn(1, (50, 50), 1, activation="tanh", kernel_initializer="xavier_normal")
        rate = schedules.ExponentialDecay(0.01, decay_steps=setting.choose(2_000, 600))
        setting.fit(
            model, Adam(rate), data=(x, y), loss=LOSSES[name], epochs=setting.choose(200, 60),
            batch_size=20, metrics=[],
        )  # fmt: skip
        curve = np.asarray(model(x))[:, 0]
        found[name] = curve, float(np.sqrt(np.mean((curve - right) ** 2)))
    return found


def drawn(
    lines: dict[str, np.ndarray],
    settled: np.ndarray,
    curves: dict[str, tuple[np.ndarray, float]],
) -> Figure:
    """The slopes while they learn, and the curves."""
    spoilt_x, _, right = rows_of(lambda x: np.sin(3 * x))
    last = np.arange(EPOCHS - 40, EPOCHS) + 1
    ends = {"constant": lines["absolute error"], "falling": settled}
    return plots.lines(
        plots.Panel(
            lines, "step", "slope", "A line of slope 2, a tenth of its labels spoilt",
            levels={"true slope": SLOPE},
        ),
        plots.Panel(
            {f"{how} rate": (last, path[-len(last) :]) for how, path in ends.items()},
            "step", "slope", "The end of absolute error",
        ),
        plots.Panel(
            {"truth": (spoilt_x[:, 0], right)}
            | {name: (spoilt_x[:, 0], curve) for name, (curve, _) in curves.items()},
            "x", "output", "A network, a tenth of its labels off by -8",
        ),
        title="Outliers pull squared error; absolute error lets them lie",
    )  # fmt: skip
