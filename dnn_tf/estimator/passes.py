"""One pass over some rows after another, with a model and an optimiser that stay."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.data import Split
from dnn_tf.training.epoch import make_run
from dnn_tf.training.rollback import advance, finite
from dnn_tf.training.step import make_step
from dnn_tf.types import Clip, DivergenceError, Measure, Tensor


class Passes:
    """Trains a compiled model once over rows that come in pieces.

    `fit` and its `Phase` are made for rows that stay; here they change with every call. Rows and
    batches of a shape that was there before compile nothing.

    Args:
        model: compiled; its optimiser goes on from where it stands.
        loss: `(labels, outputs) -> (batch,)`.
        clip: of the gradients.
        jit_compile: whether XLA compiles the steps.
    """

    def __init__(self, model: keras.Model, loss: Measure, clip: Clip | None, jit_compile: bool):
        self._run = make_run(make_step(model, loss, model.optimizer, clip), jit_compile)
        self._state = [*model.variables, *model.optimizer.variables]
        self._watched = finite(self._state)

    def over(self, rows: Split, order: np.ndarray, batch_size: int) -> float:
        """Takes every row once; the last batch holds what is left.

        Returns:
            The mean loss, each batch before its step.

        Raises:
            DivergenceError: a loss, a gradient or a weight became NaN or infinite.

        After any error, and an interrupt, model and optimiser are as they were before the pass.
        """
        before = [tf.identity(variable) for variable in self._state]
        try:
            return self._over(rows, order, batch_size)
        except BaseException:
            for variable, value in zip(self._state, before, strict=True):
                variable.assign(value)
            raise

    def _over(self, rows: Split, order: np.ndarray, batch_size: int) -> float:
        x, y = tf.constant(rows.x), tf.constant(rows.y)
        totals = np.zeros(1)
        steps = 0
        for batches in _batches(order, min(batch_size, len(order))):
            totals, done = self._steps(x, y, batches, totals)
            if done < len(batches):
                raise DivergenceError(
                    f"step {steps + done + 1} of the pass made the loss, a gradient or a weight "
                    "NaN or infinite; the weights are those of before the pass: lower the learning "
                    "rate, clip the gradients, or scale the features"
                )
            steps += done
        return float(totals[0] / len(order))

    def _steps(
        self, x: Tensor, y: Tensor, batches: np.ndarray, totals: np.ndarray
    ) -> tuple[np.ndarray, int]:
        where, before = tf.constant(batches.astype("int32")), tf.constant(totals)

        def attempt(start: int, stop: int) -> Tensor:
            return self._run(x, y, where, tf.constant(start), tf.constant(stop), before)

        after, done = advance(attempt, self._state, 0, len(batches), self._watched)
        return after.numpy(), done


def _batches(order: np.ndarray, batch_size: int) -> Sequence[np.ndarray]:
    """`(steps, batch)`: those of the full size, and the rest."""
    n_full = len(order) // batch_size * batch_size
    parts = order[:n_full].reshape(-1, batch_size), order[n_full:].reshape(1, -1)
    return [batches for batches in parts if batches.size]
