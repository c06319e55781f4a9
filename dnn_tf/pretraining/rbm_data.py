"""What an RBM can learn from, and where its visible units start."""

from typing import Any

import numpy as np

from dnn_tf.layers import RBM
from dnn_tf.pretraining.rows import as_rows
from dnn_tf.types import InputError


def as_visible(rbm: RBM, x: Any, where: str) -> np.ndarray:
    """Rows of finite numbers, from 0 to 1 for binary units; in the type of the RBM's weights.

    Raises:
        InputError: anything else, or rows of another length than the RBM was built for.

    >>> as_visible(RBM(2), [[0.0, 7.0]], "x")
    Traceback (most recent call last):
    dnn_tf.types.InputError: x: x[0, 1] is 7.0, and binary visible units take numbers from 0 to 1: \
scale the features, or take visible='gaussian' and standardise them
    """
    x = as_rows(x, where)
    if rbm.built and x.shape[1] != rbm.kernel.shape[0]:
        raise InputError(
            f"{where}: a sample has {x.shape[1]} features, and RBM {rbm.name!r} was built for "
            f"{rbm.kernel.shape[0]}: give it such samples, or take a new RBM"
        )
    if rbm.visible == "binary":
        _check_probabilities(x, where)
    return x.astype(rbm.variable_dtype, copy=False)  # a memory map stays one


def _check_probabilities(x: np.ndarray, where: str) -> None:
    if x.min() >= 0 and x.max() <= 1:
        return
    row, column = np.argwhere((x < 0) | (x > 1))[0]
    raise InputError(
        f"{where}: x[{row}, {column}] is {x[row, column]}, and binary visible units take numbers "
        "from 0 to 1: scale the features, or take visible='gaussian' and standardise them"
    )


def starting_bias(x: np.ndarray, visible: str) -> np.ndarray:
    """Visible biases with which an RBM without weights has the means of the data.

    `ln(p / (1 - p))` for a unit that is on with the frequency `p`, as Hinton's guide (2010) says;
    of Gaussian units the mean itself. The frequency is Laplace's, `(n_on + 1) / (n + 2)`, so that a
    pixel that is never on gets a finite bias.

    Shapes:
        `(n, visible)` -> `(visible,)`.

    >>> print(starting_bias(np.array([[1.0, 0], [1, 1]]), "binary").round(4))  # p = 3/4 and 2/4
    [1.0986 0.    ]
    """
    if visible == "gaussian":
        return x.mean(axis=0, dtype="float64")
    p = (x.sum(axis=0, dtype="float64") + 1) / (len(x) + 2)
    return np.log(p / (1 - p))
