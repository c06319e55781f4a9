"""A phase of training: one compiled step, one optimiser, one set of rows."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.data import Split
from dnn_tf.training.epoch import make_run
from dnn_tf.training.rollback import advance
from dnn_tf.training.step import make_step
from dnn_tf.types import Clip, DivergenceError, Measure, Tensor

CALLS_AN_EPOCH = 10
"""So that a progress bar moves and Ctrl-C is heard. Ten calls measured as fast as one."""


class Phase:
    """Runs epochs over the rows of a split that it holds on the device.

    What is trainable is read once, here: after a freeze or a thaw, make a new one.
    """

    def __init__(
        self,
        model: keras.Model,
        train: Split,
        loss: Measure,
        optimizer: keras.optimizers.Optimizer,
        clip: Clip | None,
        metrics: Sequence[Measure],
        jit_compile: bool,
        run_eagerly: bool,
    ):
        step = make_step(model, loss, optimizer, clip, metrics)
        self._run = make_run(step, jit_compile, run_eagerly)
        self._state = [*model.variables, *optimizer.variables]
        self._x, self._y = tf.constant(train.x), tf.constant(train.y)
        self._n_measures = 1 + len(metrics)

    def epoch(self, order: np.ndarray, batch_size: int) -> Iterator[tuple[int, np.ndarray]]:
        """Takes the rows in this order, batch by batch; the last batch holds what is left.

        Yields:
            A few times an epoch: how many rows were used, and the sum over them of the loss and
            of each metric.

        Raises:
            DivergenceError: a loss or a weight became NaN or infinite; the step is undone.
        """
        n_full = len(order) // batch_size * batch_size
        full = order[:n_full].reshape(-1, batch_size)
        rest = order[n_full:].reshape(1, -1)
        taken = 0
        for batches in (full, rest):
            if batches.size == 0:
                continue
            for steps, totals in self._pieces(batches, taken):
                yield steps * batches.shape[1], totals
            taken += len(batches)

    def _pieces(self, batches: np.ndarray, taken: int) -> Iterator[tuple[int, np.ndarray]]:
        rows = tf.constant(batches.astype("int32"))

        def attempt(start: int, stop: int) -> Tensor:
            totals = tf.zeros(self._n_measures)
            return self._run(self._x, self._y, rows, tf.constant(start), tf.constant(stop), totals)

        calls = min(CALLS_AN_EPOCH, len(batches))
        for start, stop in pairwise(np.linspace(0, len(batches), calls + 1).astype(int).tolist()):
            totals, done = advance(attempt, self._state, start, stop)
            if done < stop:
                raise DivergenceError(
                    f"step {taken + done + 1} of the epoch made the loss or a weight NaN or "
                    "infinite; the weights are those of the step before: lower the learning rate, "
                    "clip the gradients, or scale the features"
                )
            yield stop - start, totals.numpy().astype("float64")
