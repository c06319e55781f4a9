"""Columns that say the same: weights that spread, and two remedies.

The fifth document: in a linear regression on correlated variables the estimate is inaccurate;
collinearity makes redundancy and overfitting; drop what is correlated, or add a weight penalty.

Here `y = x1 + x2 + x3 + noise`, where `x2` is `x1` and a hundredth of noise. Least squares is
fitted to 300 bootstrap samples, `w = (X^T X)^-1 X^T y` against ridge's
`w = (X^T X + n lambda I)^-1 X^T y`; how far `w1` scatters over them follows from the condition
number of `X^T X`. Then this package learns the same: a linear layer without and with
`regularizers.L2(lambda)`, on all rows, held against both closed forms and scikit-learn's `Ridge`.

What the claim leaves out: the sum `w1 + w2`, and so what is predicted where the columns go on
together, is as sure as ever. It is the single weights that are not.
"""

import keras
import numpy as np
from matplotlib.figure import Figure
from sklearn.linear_model import Ridge

from dnn_tf import plots
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


def reproduce(setting: Setting) -> Outcome:
    """Scatters the weights, and learns them."""
    rng = np.random.default_rng(setting.seed)
    x, y = draw(rng)
    samples = [rng.integers(0, ROWS, ROWS) for _ in range(SAMPLES)]
    weights = {
        name: np.array([ridge(x[rows][:, columns], y[rows], strength) for rows in samples])
        for name, (columns, strength) in WAYS.items()
    }
    spread = {name: float(w[:, 0].std()) for name, w in weights.items()}
    together = float((weights["least squares"][:, 0] + weights["least squares"][:, 1]).std())
    errors = unseen_errors(rng)
    x = x[:, :3]
    free, held = (learn(x, y, strength, setting) for strength in (0.0, STRENGTH))
    peer = Ridge(alpha=ROWS * STRENGTH, fit_intercept=False).fit(x, y).coef_
    wide = spread["least squares"]
    rows = [
        Row("condition number of X^T X", condition(x, 0.0)),
        at_most("condition number with the penalty", condition(x, STRENGTH), 1_000.0),
        at_least("spread of w1, least squares over L2", wide / spread["L2 penalty"], 5.0),
        at_least("spread of w1, least squares over x2 dropped", wide / spread["x2 dropped"], 5.0),
        at_most("spread of w1 + w2, least squares", together, 2 * spread["x2 dropped"],
                note="no more than that of one weight alone, doubled"),
        Row("closed form less scikit-learn's Ridge", far(ridge(x, y, STRENGTH), peer), 0.0, 1e-9),
        Row("learnt with L2 less Ridge", far(held, peer), 0.0, 2e-3),
        at_least(f"learnt without, after {STEPS} steps, less least squares",
                 far(free, ridge(x, y, 0.0)), 0.1,
                 note="the flat direction takes longer: stopping early is a penalty too"),
        at_most("mean squared error on unseen rows, L2 over least squares",
                errors["L2 penalty"] / errors["least squares"], 1.0),
    ]  # fmt: skip
    claims = [
        Claim(
            "The fifth document: collinearity makes the estimated weights inaccurate; a weight "
            "penalty, or dropping a column, mends it.",
            wide > 5 * max(spread["L2 penalty"], spread["x2 dropped"]),
            f"w1 scatters by {wide:.2f}; with L2 by {spread['L2 penalty']:.3f}, without x2 by "
            f"{spread['x2 dropped']:.3f}; the sum w1 + w2 by {together:.3f} all along.",
        ),
        Claim(
            "The fifth document: collinearity causes overfitting (more than another column does "
            "that says nothing).",
            errors["least squares"] > 1.02 * errors["noise for x2"],
            f"mean squared error on unseen rows {errors['least squares']:.4f}, with noise for x2 "
            f"{errors['noise for x2']:.4f}, without it {errors['x2 dropped']:.4f}, with L2 "
            f"{errors['L2 penalty']:.4f}; 0.25 cannot be explained.",
        ),
    ]  # fmt: skip
    return Outcome(rows, drawn(weights, spread), claims)


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
    errors = {}
    for name, (columns, strength) in WAYS.items():
        w = np.array([ridge(rows[:, columns], labels, strength) for rows, labels in sets])
        errors[name] = float(np.mean((x[:, columns] @ w.T - y[:, None]) ** 2))
    return errors


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


def drawn(weights: dict[str, np.ndarray], spread: dict[str, float]) -> Figure:
    """`w1` over the bootstrap samples, in order."""
    share = np.arange(1, SAMPLES + 1) / SAMPLES
    curves = {
        f"{name} (spread {spread[name]:.2g})": (np.sort(w[:, 0]), share)
        for name, w in list(weights.items())[:3]
    }
    return plots.lines(
        plots.Panel(
            curves, "weight w1", f"share of {SAMPLES} bootstrap samples below it",
            "y = x1 + x2 + x3, x2 nearly x1: what w1 comes out as",
        ),
        title="Least squares cannot tell two equal columns apart",
    )  # fmt: skip
