"""What a network answers, and the probabilities in it."""

import keras
import numpy as np

ROWS_AT_ONCE = 4096
"""So many at most: what the layers give for them stays small."""


def outputs(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """The outputs for any number of rows, at once and uncompiled.

    scikit-learn asks for many sizes: a compiled function would be traced for each, and
    `model.predict` takes longer to begin than a small network to answer.

    Shapes:
        `(rows, features)` -> `(rows, outputs)`.
    """
    parts = [
        model(x[start : start + ROWS_AT_ONCE], training=False)
        for start in range(0, len(x), ROWS_AT_ONCE)
    ]
    return np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])


def log_softmax(z: np.ndarray) -> np.ndarray:
    """`ln p_k = z_k - ln(sum_j exp(z_j))`, row by row: finite for logits of any size.

    >>> log_softmax(np.array([[0.0, 1000.0]])).tolist()
    [[-1000.0, 0.0]]
    """
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def softmax(z: np.ndarray) -> np.ndarray:
    """`p_k = exp(z_k) / sum_j exp(z_j)`, row by row.

    >>> softmax(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
