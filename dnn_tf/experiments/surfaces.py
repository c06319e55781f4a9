"""Surfaces that optimisers are led over: a valley, a saddle, and classes of unequal size."""

from collections.abc import Callable

import numpy as np

from dnn_tf.activations import sigmoid
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer

KAPPA, LOWEST = 100.0, np.array([2.0, 2.0])
TURNED = np.array([[3**0.5 / 2, -0.5], [0.5, 3**0.5 / 2]])
"""From `(u, v)`, along the valley and across, to the weights: a turn by 30 degrees."""
NEAR = 1e-6
"""A height of the valley below which an optimiser has arrived."""

Gradient = Callable[[np.ndarray], np.ndarray]


def valley(w: np.ndarray, kappa: float = KAPPA) -> np.ndarray:
    """The gradient of `1/2 (u^2 + kappa v^2)` with `w = LOWEST + TURNED (u, v)`."""
    return ((w - LOWEST) @ TURNED * (1.0, kappa)) @ TURNED.T


def saddle(w: np.ndarray) -> np.ndarray:
    """The gradient of `1/2 x^2 + 1/4 y^4 - 1/2 y^2`."""
    x, y = w[..., 0], w[..., 1]
    return np.stack([x, y**3 - y], axis=-1)


def walk(
    optimizer: FormulaOptimizer, gradient: Gradient, start: np.ndarray, steps: int, eta: np.ndarray
) -> np.ndarray:
    """Where the optimiser's rule leads, step by step, for each of the learning rates.

    Shapes:
        `(n,)`, `(rates, 1)` -> `(steps + 1, rates, n)`.
    """
    w = np.broadcast_to(start, (len(eta), len(start))).astype("float64")
    memory = [np.full_like(w, value) for value in optimizer.memory().values()]
    path = [w]
    with np.errstate(all="ignore"):  # too large a rate ends in infinity
        for t in range(1, steps + 1):
            after = optimizer.rule(w, gradient(w), eta, t, *memory)
            w, *memory = (np.asarray(value) for value in after)
            path.append(w)
    return np.asarray(path)


def nesterov(sign: float, rates: np.ndarray, steps: int, beta: float = 0.9) -> np.ndarray:
    """`m <- beta m + eta g(w + sign beta m); w <- w - m` in the valley: -1 is right, 1 printed."""
    w = np.broadcast_to(LOWEST + 1, (len(rates), 2))
    m, path = np.zeros_like(w), [w]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            m = beta * m + rates * valley(w + sign * beta * m)
            w = w - m
            path.append(w)
    return np.asarray(path)


def arrival(path: np.ndarray, kappa: float = KAPPA) -> tuple[int, int]:
    """The fewest steps of any rate to a height below `NEAR` for good, and which rate that is."""
    with np.errstate(all="ignore"):
        height = 0.5 * np.sum(
            ((path - LOWEST) @ TURNED) ** 2 * (1.0, kappa), axis=-1
        )  # (steps + 1, rates)
        away = ~(height < NEAR)
    last_away = len(path) - 1 - np.argmax(away[::-1], axis=0)
    best = int(np.argmin(last_away))
    return int(last_away[best]) + 1, best


def unequal_classes(
    optimizer: FormulaOptimizer, rate: float, seed: int = 0, steps: int = 300
) -> float:
    """The mean cross-entropy of the few after some steps.

    A sigmoid on 950 points around (-1, -1) and 50 around (1, 1). It rises: the many pull harder.
    """
    rng = np.random.default_rng(seed)
    y = np.repeat([0.0, 1.0], [950, 50])
    x = np.column_stack([rng.normal(2 * y - 1), rng.normal(2 * y - 1), np.ones(1000)])

    def gradient(w: np.ndarray) -> np.ndarray:
        return (np.asarray(sigmoid(w @ x.T)) - y) @ x / len(y)

    w = walk(optimizer, gradient, np.zeros(3), steps, np.array([[rate]]))[-1, 0]
    return float(np.mean(np.log1p(np.exp(-x[y == 1] @ w))))
