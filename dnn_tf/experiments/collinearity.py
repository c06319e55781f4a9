"""Two columns that say the same: weights that scatter, and two remedies.

The fifth document: in a linear regression on correlated variables the estimate is inaccurate;
collinearity is redundancy, and leads to overfitting; drop what is correlated, or add a weight
penalty.

Here `y = x1 + x2 + x3 + noise`, where `x2` is `x1` and a hundredth of noise. Least squares is
fitted to 300 bootstrap samples, `w = (X^T X)^-1 X^T y` against ridge's
`w = (X^T X + n lambda I)^-1 X^T y`; how far `w1` scatters over them follows from the condition
number of `X^T X`. Overfitting is the error on rows that were not seen, over 300 training sets of
their own. All of it is drawn anew from five seeds, and judged by pairs. Then this package learns
the same: a linear layer without and with `regularizers.L2(lambda)`, on all rows, held against both
closed forms and scikit-learn's `Ridge`.

What the claim leaves out: the sum `w1 + w2` is as sure as ever; it is the single weights that are
not. And a column of mere noise in the place of `x2` leads to as much overfitting: a redundant
column costs what any column costs that is not needed, and correlation adds nothing to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from matplotlib.figure import Figure
from sklearn.linear_model import Ridge

from dnn_tf import plots
from dnn_tf.experiments.evidence import every, paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most
from dnn_tf.experiments.setting import Setting
from dnn_tf.losses import half_squared_error
from dnn_tf.optimizers import Momentum
from dnn_tf.regularizers import L2

ROWS, SAMPLES = 60, 300
APART = 0.01
"""The standard deviation of `x2 - x1`; that of `x1` is 1."""

STRENGTH = 0.01
"""Lambda, of `1/2 lambda ||w||^2` beside the mean of `1/2 (x w - y)^2`."""

WAYS = {
    "least squares": ([0, 1, 2], 0.0),
    "L2 penalty": ([0, 1, 2], STRENGTH),
    "x2 dropped": ([0, 2], 0.0),
    "noise for x2": ([0, 3, 2], 0.0),
}
"""The columns, `x1` first, and lambda."""

STEPS = 400


@dataclass(frozen=True)
class Scatter:
    """What came of one seed, by the names of `WAYS`.

    Args:
        weights: `(samples, columns)` over the bootstrap samples.
        errors: mean squared errors on rows that were not seen.
    """

    weights: Mapping[str, np.ndarray]
    errors: Mapping[str, float]

    def of_w1(self, name: str) -> float:
        """Its standard deviation over the samples."""
        return float(self.weights[name][:, 0].std())

    @property
    def of_sum(self) -> float:
        """The standard deviation of `w1 + w2` by least squares."""
        return float(self.weights["least squares"][:, :2].sum(axis=1).std())


def reproduce(setting: Setting) -> Outcome:
    """Scatters the weights, and learns them."""
    found = [scattered(seed) for seed in setting.seeds(setting.choose(5, 3))]
    rows = [*scatter_rows(found), *learning_rows(setting)]
    return Outcome(rows, drawn(found[0].weights), claims(found))


def scattered(seed: int) -> Scatter:
    """One draw of rows, its bootstrap samples, and new training sets."""
    rng = np.random.default_rng(seed)
    x, y = draw(rng)
    samples = [rng.integers(0, ROWS, ROWS) for _ in range(SAMPLES)]
    weights = {
        name: np.array([ridge(x[rows][:, columns], y[rows], strength) for rows in samples])
        for name, (columns, strength) in WAYS.items()
    }
    return Scatter(weights, unseen_errors(rng))


def scatter_rows(found: Sequence[Scatter]) -> list[Row]:
    """Means over the seeds."""
    wide, held, dropped = (spreads(found, name).mean() for name in list(WAYS)[:3])
    error = {name: errors(found, name).mean() for name in WAYS}
    together = float(np.mean([one.of_sum for one in found]))
    return [
        at_least("scatter of w1, least squares over L2", float(wide / held), 5.0),
        at_least("scatter of w1, least squares over x2 dropped", float(wide / dropped), 5.0),
        at_most("scatter of w1 + w2, least squares", together, float(2 * dropped),
                note="no more than that of one weight alone, doubled"),
        at_most("mean squared error on unseen rows, L2 over least squares",
                float(error["L2 penalty"] / error["least squares"]), 1.0),
        Row("mean squared error on unseen rows, x2 over mere noise in its place",
            float(error["least squares"] / error["noise for x2"]), 1.0, 0.02),
    ]  # fmt: skip


def learning_rows(setting: Setting) -> list[Row]:
    """The same by this package, on one draw of rows."""
    x, y = draw(np.random.default_rng(setting.seed))
    x = x[:, :3]
    free, held = (learn(x, y, strength, setting) for strength in (0.0, STRENGTH))
    peer = Ridge(alpha=ROWS * STRENGTH, fit_intercept=False).fit(x, y).coef_
    return [
        Row("condition number of X^T X", condition(x, 0.0)),
        at_most("condition number with the penalty", condition(x, STRENGTH), 1_000.0),
        Row("closed form less scikit-learn's Ridge", far(ridge(x, y, STRENGTH), peer), 0.0, 1e-9),
        Row("learnt with L2 less Ridge", far(held, peer), 0.0, 2e-3),
        at_least(f"learnt without, after {STEPS} steps, less least squares",
                 far(free, ridge(x, y, 0.0)), 0.1,
                 note="the flat direction takes longer: stopping early is a penalty too"),
    ]  # fmt: skip


def claims(found: Sequence[Scatter]) -> list[Claim]:
    """Inaccurate weights, and overfitting."""
    wide = spreads(found, "least squares")
    held, dropped = (spreads(found, name) for name in ("L2 penalty", "x2 dropped"))
    extra = paired(errors(found, "least squares"), errors(found, "x2 dropped"))
    noise = paired(errors(found, "least squares"), errors(found, "noise for x2"))
    return [
        Claim(
            "The fifth document: collinearity makes the estimated weights inaccurate; a weight "
            "penalty, or dropping a column, mends it.",
            every(paired(wide, less).above() for less in (held, dropped)),
            f"w1 scatters by {wide.mean():.2f}; with L2 by {held.mean():.3f}, without x2 by "
            f"{dropped.mean():.3f}.",
        ),
        Claim(
            "The fifth document: collinearity is redundancy, and leads to overfitting (more error "
            "on unseen rows than without x2).",
            extra.above(),
            f"mean squared error {extra} larger than without x2, where 0.25 cannot be explained; "
            f"and {noise} larger than with a column of mere noise in place of x2.",
        ),
    ]  # fmt: skip


def spreads(found: Sequence[Scatter], name: str) -> np.ndarray:
    """How far `w1` scatters, seed by seed."""
    return np.array([one.of_w1(name) for one in found])


def errors(found: Sequence[Scatter], name: str) -> np.ndarray:
    """On unseen rows, seed by seed."""
    return np.array([one.errors[name] for one in found])


def draw(rng: np.random.Generator, rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """`x1`, `x2`, which is nearly the same, `x3`, a column of noise; and labels."""
    x1, x3 = rng.normal(size=(2, rows))
    x2, noise = x1 + APART * rng.normal(size=rows), rng.normal(size=rows)
    y = x1 + x2 + x3 + 0.5 * rng.normal(size=rows)
    return np.stack([x1, x2, x3, noise], axis=1), y


def far(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference."""
    return float(np.max(np.abs(one - other)))


def ridge(x: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    """`(X^T X + n lambda I)^-1 X^T y`, least squares for a strength of 0."""
    return np.asarray(np.linalg.solve(x.T @ x + len(x) * strength * np.eye(x.shape[1]), x.T @ y))


def condition(x: np.ndarray, strength: float) -> float:
    """The largest over the smallest eigenvalue of the matrix that is solved."""
    return float(np.linalg.cond(x.T @ x + len(x) * strength * np.eye(x.shape[1])))


def unseen_errors(rng: np.random.Generator) -> dict[str, float]:
    """Mean squared errors on 5,000 other rows, over as many new training sets."""
    x, y = draw(rng, 5_000)
    sets = [draw(rng) for _ in range(SAMPLES)]
    found = {}
    for name, (columns, strength) in WAYS.items():
        w = np.array([ridge(rows[:, columns], labels, strength) for rows, labels in sets])
        found[name] = float(np.mean((x[:, columns] @ w.T - y[:, None]) ** 2))
    return found


def learn(x: np.ndarray, y: np.ndarray, strength: float, setting: Setting) -> np.ndarray:
    """The weights of a linear layer after `STEPS` steps with all rows."""
    penalty = L2(strength) if strength else None
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(
                1, use_bias=False, kernel_initializer="zeros", kernel_regularizer=penalty
            ),
        ]
    )
    setting.fit(
        model, Momentum(0.1), data=(x.astype("float32"), y.astype("float32")),
        loss=half_squared_error, epochs=STEPS, batch_size="all", metrics=[],
    )  # fmt: skip
    return np.asarray(model.get_weights()[0][:, 0], "float64")


def drawn(weights: Mapping[str, np.ndarray]) -> Figure:
    """`w1` over the bootstrap samples of one seed, in order."""
    share = np.arange(1, SAMPLES + 1) / SAMPLES
    curves: dict[str, tuple[np.ndarray, np.ndarray]] = {
        f"{name} (scatter {weights[name][:, 0].std():.2g})": (np.sort(weights[name][:, 0]), share)
        for name in list(WAYS)[:3]
    }
    truth: dict[str, tuple[np.ndarray, np.ndarray]] = {
        "true w1 = 1": (np.full(2, 1.0), np.arange(2.0)),
        "1 + 1: x1 for both": (np.full(2, 2.0), np.arange(2.0)),
    }
    return plots.lines(
        plots.Panel(
            curves | truth, "weight w1", f"share of {SAMPLES} bootstrap samples below it",
            "y = x1 + x2 + x3, x2 nearly x1: what w1 comes out as",
        ),
        title="Two columns that say the same",
    )  # fmt: skip
