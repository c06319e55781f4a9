"""What is measured of the numbers of a layer: formulas for NumPy arrays."""

from collections.abc import Callable

import numpy as np

_SLOPES: dict[str | None, tuple[Callable[[np.ndarray], np.ndarray], float]] = {
    "sigmoid": (lambda a: a * (1 - a), 0.25),
    "tanh": (lambda a: 1 - a * a, 1.0),
    "softsign": (lambda a: (1 - np.abs(a)) ** 2, 1.0),
    "hard_sigmoid": (lambda a: ((a > 0) & (a < 1)) / 6, 1 / 6),
    "hard_tanh": (lambda a: (np.abs(a) < 1) * 1.0, 1.0),
}
"""The derivative of a bounded activation by its own output, and the largest that it can be."""

FLAT = 0.1
"""Of the largest slope: a unit with less is saturated."""

SURE = 0.97
"""A softmax whose largest share is more is saturated."""


def size(values: np.ndarray) -> float:
    """`sqrt(mean x^2)`, the root of the mean square.

    >>> size(np.array([3.0, -3.0]))
    3.0
    """
    return float(np.sqrt(np.mean(np.square(_wide(values))))) if values.size else 0.0


def norm(*arrays: np.ndarray) -> float:
    """`sqrt(sum x^2)` over all entries of all arrays.

    >>> norm(np.array([3.0]), np.array([4.0]))
    5.0
    """
    return float(np.sqrt(sum(float(np.sum(np.square(_wide(one)))) for one in arrays)))


def ratio(one: float | None, other: float | None) -> float | None:
    """One over the other; `None` where either is unknown, or the other 0.

    >>> ratio(1.0, 4.0), ratio(1.0, 0.0)
    (0.25, None)
    """
    return None if one is None or not other else one / other


def saturated_share(outputs: np.ndarray, activation: str | None) -> float | None:
    """The share of the outputs at which `|f'(z)| < max|f'| / 10`; `None` for unbounded activations.

    For the sigmoid that is `|z| > 3.64`, for tanh `|z| > 1.82`. `f'` is computed from the output:
    `a (1 - a)`, and `1 - a^2`.

    Of a softmax it is the share of the rows (and places) whose largest entry is more than 0.97:
    among many entries each has a small slope, however even they are.

    >>> saturated_share(np.array([0.5, 0.99]), "sigmoid"), saturated_share(np.ones(1), "relu")
    (0.5, None)
    """
    if activation == "softmax" and outputs.ndim and outputs.shape[-1] > 1:
        return float(np.mean(_wide(outputs).max(axis=-1) > SURE))
    if activation not in _SLOPES:
        return None
    slope, largest = _SLOPES[activation]
    return float(np.mean(slope(_wide(outputs)) < FLAT * largest))


def zero_shares(outputs: np.ndarray, channels_first: bool = False) -> tuple[float, float]:
    """The share of the units that are 0 on every row (and at every place), and that are 0 on none.

    Behind a ReLU the gradient of such a unit is 0 on every row: nothing of it can learn.

    Shapes:
        `(rows, ..., units)`, or with `channels_first` `(rows, units, ...)`.

    >>> zero_shares(np.array([[0.0, 0.0, 1.0, 2.0], [0.0, 1.0, 1.0, 1.0]]))
    (0.25, 0.5)
    """
    units = np.moveaxis(outputs, 1 if channels_first else -1, -1)
    zeros = np.reshape(units == 0, (-1, units.shape[-1]))
    return float(zeros.all(axis=0).mean()), float((~zeros).all(axis=0).mean())


def off_averages(
    x: np.ndarray, mean: np.ndarray, variance: np.ndarray, epsilon: float
) -> tuple[float, float]:
    """How far the averages of a batch normalisation are from what it sees.

    Returns:
        The shift, `sqrt(mean_j ((m_j - mean_j)^2 / (variance_j + epsilon)))`, in standard
        deviations; ideal 0. And the stretch of the variance, the geometric mean of
        `(v_j + epsilon) / (variance_j + epsilon)`; ideal 1. `m` and `v` are those of the rows.

    Shapes:
        `(rows, ..., features)`, `(features,)`, `(features,)`.

    >>> off_averages(np.array([[1.0], [3.0]]), np.array([0.0]), np.array([4.0]), 0.0)
    (1.0, 0.25)
    """
    x, mean, variance = _wide(x), _wide(mean), _wide(variance)
    axes = tuple(range(x.ndim - 1))
    m, v = x.mean(axis=axes), x.var(axis=axes)
    shift = np.sqrt(np.mean((m - mean) ** 2 / (variance + epsilon)))
    stretch = np.exp(np.mean(np.log((v + epsilon) / (variance + epsilon))))
    return float(shift), float(stretch)


def _wide(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, "float64")
