"""Chains of single sigmoid units: the fourth document's bound, and its exploding product."""

import numpy as np

from dnn_tf import activations
from dnn_tf.experiments.rows import Row, at_least, at_most

DEPTH = 20


def chains() -> list[Row]:
    """The bound of the fourth document as corrected and as printed, and its exploding product."""
    rng = np.random.default_rng(0)
    n, many = 5, 10_000
    w, b = rng.normal(size=(2, n, many))
    factors = chain(w, b)[0]  # dL/db_1 over dL/db_n
    weights = np.prod(w[1:], axis=0)
    exploding, as_printed = chain(np.full((DEPTH, 1), 8.0), np.full((DEPTH, 1), -4.0))
    saturating, _ = chain(np.full((DEPTH, 1), 8.0), np.zeros((DEPTH, 1)))
    return [
        Row("chains of 5 above the bound (1/4)^4 |w_2 ... w_5|",
            float(np.mean(np.abs(factors) > 0.25 ** (n - 1) * np.abs(weights))), 0),
        at_least("chains of 5 above the printed (1/4)^5 w_2 ... w_5",
                 float(np.mean(factors > 0.25**n * weights)), 0.1),
        Row("20 units, w = 8, all z = 0: dL/db_1 over dL/db_20", float(exploding[0]), 2.0**19,
            2.0**19 * 1e-6, note="(8/4)^19"),
        at_most("the same with s'(b), as printed", float(as_printed[0]), 1e-10),
        at_most("the same without biases: saturated", float(saturating[0]), 1e-10,
                note="|w| > 4 does not suffice"),
    ]  # fmt: skip


def chain(w: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`s'(z_1) w_2 s'(z_2) ... w_n` of chains of single sigmoids; and with b for z, as printed.

    Shapes:
        `(n, chains)`, `(n, chains)` -> `(chains,)`, `(chains,)`.
    """
    a, true, printed = np.full(w.shape[1], 0.5), np.ones(w.shape[1]), np.ones(w.shape[1])
    for w_l, b_l, w_above in zip(w[:-1], b[:-1], w[1:], strict=True):
        z = w_l * a + b_l
        a = np.asarray(activations.sigmoid(z))
        true = true * w_above * a * (1 - a)
        printed = printed * w_above * np.asarray(activations.sigmoid_derivative(b_l))
    return true, printed
