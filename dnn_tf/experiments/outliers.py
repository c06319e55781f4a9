"""Mean absolute error against squared error where labels are spoilt.

The fifth document: squared error is easier to calculate, absolute error is more robust, since
outliers weigh less in it; but its gradient is as large for a small error as for a large one, and a
learning rate that falls mends that.

A line `y = 2 x + 1` with noise of 0.1, 200 rows; a tenth of the labels, all in the right half, is
8 too low. Gradient descent with all rows in every step, from 0. The references: least squares in
closed form, and least absolute deviations by linear programming (scikit-learn's
`QuantileRegressor`). Huber's loss stands between the two. All of it is drawn anew from each seed.

What the constant gradient does is measured as the distance of the learnt slope from that of the
linear programme, the mean over the last tenth of the steps, from a constant rate and from a falling
one: a rate that falls too soon stops far away from it, and fails too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from matplotlib.figure import Figure
from sklearn.linear_model import QuantileRegressor

from dnn_tf import losses, plots, schedules
from dnn_tf.experiments.evidence import paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_most, spread
from dnn_tf.experiments.setting import Setting
from dnn_tf.layers import NeuronLayer
from dnn_tf.optimizers import GradientDescent
from dnn_tf.types import Measure

SLOPE, INTERCEPT, NOISE = 2.0, 1.0, 0.1
ROWS, SPOILT, OFF = 200, 20, 8.0
RATE, EPOCHS = 0.3, 300

SQUARED, HUBER, ABSOLUTE = "squared error", "Huber", "absolute error"
FALLING = "absolute error, falling rate"


@dataclass(frozen=True)
class Fitted:
    """What was learnt from the rows of one seed.

    Args:
        x: the inputs.
        paths: by each loss, slope and intercept after every step, `(steps, 2)`.
        squares, absolutes: the slopes of the references.
    """

    x: np.ndarray
    paths: Mapping[str, np.ndarray]
    squares: float
    absolutes: float

    def off(self, name: str) -> float:
        """How far the slope ends from the true one."""
        return abs(float(self.paths[name][-1, 0]) - SLOPE)

    def astray(self, name: str) -> float:
        """How far it is from the linear programme's, the mean over the last tenth of the steps."""
        slopes = self.paths[name][:, 0]
        return float(np.mean(np.abs(slopes[-len(slopes) // 10 :] - self.absolutes)))


def reproduce(setting: Setting) -> Outcome:
    """Fits lines to spoilt labels."""
    found = [fitted(seed, setting) for seed in setting.seeds(setting.choose(5, 1))]
    return Outcome(rows(found), drawn(found[0]), claims(found))


def fitted(seed: int, setting: Setting) -> Fitted:
    """By each loss, and by absolute error from a falling rate; and the references."""
    x, y = draw(seed)
    falling = schedules.ExponentialDecay(RATE, decay_steps=EPOCHS // 3)
    ways: dict[str, tuple[Measure, Any]] = {
        SQUARED: (losses.mean_squared_error, RATE),
        HUBER: (losses.huber, RATE),
        ABSOLUTE: (losses.mean_absolute_error, RATE),
        FALLING: (losses.mean_absolute_error, falling),
    }
    return Fitted(
        x[:, 0],
        {name: fit_line(loss, x, y, rate, setting) for name, (loss, rate) in ways.items()},
        float(np.polyfit(x[:, 0], y, 1)[0]),
        float(QuantileRegressor(alpha=0.0).fit(x, y).coef_[0]),
    )


def rows(found: Sequence[Fitted]) -> list[Row]:
    """The slopes of the first seed against the references; distances over all."""
    first = found[0]
    slopes = {name: float(path[-1, 0]) for name, path in first.paths.items()}
    far = [one.off(FALLING) for one in found]
    return [
        Row("slope by squared error", slopes[SQUARED], first.squares, 1e-3,
            note="reference: least squares in closed form; the true slope is 2"),
        Row("slope by absolute error, falling rate", slopes[FALLING], first.absolutes, 0.02,
            note="reference: linear programming"),
        Row("slope by Huber's loss", slopes[HUBER]),
        at_most("slope by absolute error, falling rate, distance from the truth",
                float(np.mean(far)), 0.1, note=spread(far)),
        Row("the same by squared error", float(np.mean([one.off(SQUARED) for one in found]))),
        at_most("absolute error, falling rate, last tenth: distance from linear programming",
                float(np.mean([one.astray(FALLING) for one in found])), 0.01),
        Row("the same, constant rate", float(np.mean([one.astray(ABSOLUTE) for one in found]))),
    ]  # fmt: skip


def claims(found: Sequence[Fitted]) -> list[Claim]:
    """Robust; and in want of a falling rate."""
    off = paired([one.off(SQUARED) for one in found], [one.off(FALLING) for one in found])
    astray = paired([one.astray(ABSOLUTE) for one in found], [one.astray(FALLING) for one in found])
    return [
        Claim(
            "The fifth document: absolute error is more robust to outliers than squared error.",
            off.above(),
            f"by squared error the slope, 2 in truth, is off by {off} more.",
        ),
        Claim(
            "The fifth document: its gradient does not shrink with the error, and a falling "
            "learning rate mends that.",
            astray.above(),
            "from a constant rate the slope stays further from that of linear programming, by "
            f"{astray}.",
        ),
    ]


def draw(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows from -1 to 1 in order, and labels, of which some in the right half are spoilt.

    Shapes:
        `(rows, 1)` and `(rows,)`.
    """
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-1, 1, ROWS)).astype("float32")[:, None]
    y = SLOPE * x[:, 0] + INTERCEPT + NOISE * rng.normal(size=ROWS)
    y[rng.choice(np.arange(ROWS // 2, ROWS), SPOILT, replace=False)] -= OFF
    return x, y.astype("float32")


def fit_line(
    loss: Measure, x: np.ndarray, y: np.ndarray, rate: Any, setting: Setting
) -> np.ndarray:
    """Slope and intercept after every step of gradient descent; all rows in each."""
    model = keras.Sequential([keras.Input((1,)), NeuronLayer(1, kernel_initializer="zeros")])
    path: list[list[float]] = []

    def after(epoch: int, logs: object) -> None:  # noqa: ARG001
        path.append([float(weight.ravel()[0]) for weight in model.get_weights()])

    setting.fit(
        model, GradientDescent(rate), data=(x, y), loss=loss, epochs=EPOCHS, batch_size="all",
        metrics=[], callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=after)],
        jit_compile=False,  # of two weights
    )  # fmt: skip
    return np.asarray(path)


def drawn(one: Fitted) -> Figure:
    """The lines, the slopes while they learn, and the end of absolute error's."""
    ends = np.array([one.x.min(), one.x.max()])
    names = (SQUARED, HUBER, ABSOLUTE)
    last = np.arange(EPOCHS - 40, EPOCHS)
    settled = {SQUARED: SQUARED, HUBER: HUBER, ABSOLUTE: FALLING}
    lines = {name: (ends, one.paths[way][-1] @ [ends, [1, 1]]) for name, way in settled.items()}
    lasts = {"constant rate": ABSOLUTE, "falling rate": FALLING}
    return plots.lines(
        plots.Panel(
            lines | {"truth": (ends, SLOPE * ends + INTERCEPT)}, "x", "output",
            "The lines, a tenth of the labels 8 too low",
        ),
        plots.Panel(
            {name: one.paths[name][:, 0] for name in names}, "step", "slope",
            "Their slopes, constant rate", levels={"true slope": SLOPE},
        ),
        plots.Panel(
            {name: (last + 1, one.paths[way][last, 0]) for name, way in lasts.items()},
            "step", "slope", "Absolute error, the last 40 steps",
            levels={"linear programming": one.absolutes},
        ),
        title="A line through spoilt labels, by squared and by absolute error",
    )  # fmt: skip
