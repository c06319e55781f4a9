"""Rows with sample weights: kept beside the labels, and a mean that minds them."""

from typing import Any, NamedTuple

import keras
import numpy as np
from sklearn.utils import check_array

from dnn_tf.data import Split
from dnn_tf.types import InputError, Measure, Tensor


class Rows(NamedTuple):
    """Features, targets and weights, row by row.

    Args:
        x: `(rows, features)`.
        y: class numbers or targets, `(rows, ...)`.
        weights: `(rows,)`, 0 or more.
    """

    x: np.ndarray
    y: np.ndarray
    weights: np.ndarray

    def at(self, chosen: np.ndarray) -> "Rows":
        """Some of them, by their numbers or as a mask."""
        return Rows(*(array[chosen] for array in self))

    def without_zero_weights(self, where: str) -> "Rows":
        """A filter: a row of weight zero is left out, in every way.

        Args:
            where: what gives the weights, for the message.

        Raises:
            InputError: there are none.
        """
        counts = self.weights > 0
        if not counts.any():
            raise InputError(
                f"{where}: the weight of every row is zero, and one above zero at least was "
                "expected: leave the weights out, or give other ones"
            )
        return self if counts.all() else self.at(counts)

    def packed(self) -> Split:
        """For training, whose rows are a pair: the weight is the last column of the labels.

        The weights are scaled to the mean 1, so that in a step over all rows a weight of 2 is the
        row twice: `sum_i w_i l_i / sum_i w_i`. Training has no other place for a weight, and one
        array serves every reader of the rows, resident or streamed.

        Shapes:
            targets `(rows,)` or `(rows, k)` -> labels `(rows, k + 1)`, in the type of the features.
        """
        scaled = self.weights * (len(self.weights) / self.weights.sum())
        labels = np.column_stack([self.y, scaled])
        return Split(self.x, labels.astype(self.x.dtype))


def as_weights(sample_weight: Any, n_rows: int) -> np.ndarray:
    """The weights as numbers, one a row; of `None` ones.

    Raises:
        InputError: not one a row, or one below zero.

    >>> as_weights(None, 2)
    array([1., 1.])
    """
    if sample_weight is None:
        return np.ones(n_rows)
    weights = check_array(
        sample_weight, dtype="float64", ensure_2d=False, input_name="sample_weight"
    )
    if weights.shape != (n_rows,):
        raise InputError(
            f"sample_weight has the shape {weights.shape}, and ({n_rows},) was expected: one "
            "weight a row"
        )
    if (weights < 0).any():
        row = int((weights < 0).argmax())
        raise InputError(
            f"sample_weight[{row}] is {weights[row]}, and a number that is not below zero was "
            "expected: zero leaves a row out"
        )
    return weights


def weighted(measure: Measure) -> Measure:
    """The same measure, each row times its weight, for labels with a weight in the last column.

    It keeps its name, so that the logs do.

    >>> from dnn_tf.losses import squared_error
    >>> weighted(squared_error)(np.array([[1.0, 0.5]]), np.array([[3.0]])).numpy().tolist()
    [2.0]
    """

    def times_weight(y_true: Tensor, y_pred: Tensor) -> Tensor:
        values = measure(y_true[:, :-1], y_pred)  # (batch,)
        return values * keras.ops.cast(y_true[:, -1], values.dtype)

    times_weight.__name__ = measure.__name__
    return times_weight
