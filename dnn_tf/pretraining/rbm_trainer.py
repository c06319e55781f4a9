"""Epochs of contrastive divergence, many steps in one compiled call."""

import numpy as np
import tensorflow as tf
from keras.random import SeedGenerator

from dnn_tf.layers import RBM
from dnn_tf.optimizers.momentum import momentum_update
from dnn_tf.pretraining.contrastive_divergence import Directions, contrastive_divergence
from dnn_tf.training.epoch import make_run
from dnn_tf.training.rollback import advance
from dnn_tf.types import DivergenceError, Tensor

STEPS_A_CALL = 100
"""Between two calls Ctrl-C is heard."""


def decayed(directions: Directions, W: Tensor, weight_decay: float) -> Directions:
    """With the penalty `weight_decay / 2 ||W||^2`; biases pay none."""
    return directions._replace(W=directions.W - weight_decay * W)


class RBMTrainer:
    """Holds the rows on the device, and what the momentum remembers.

    Args:
        rbm: built.
        x: all rows.
        learning_rate, weight_decay, cd_steps, sample_visible, seed, jit_compile: see `fit_rbm`.
    """

    def __init__(
        self,
        rbm: RBM,
        x: np.ndarray,
        learning_rate: float,
        weight_decay: float,
        cd_steps: int,
        sample_visible: bool,
        seed: int,
        jit_compile: bool,
    ):
        draws = SeedGenerator(seed)
        weights = Directions(rbm.kernel, rbm.bias, rbm.visible_bias)
        memory = [tf.Variable(tf.zeros_like(weight)) for weight in weights]
        momentum = tf.Variable(0.0, dtype=rbm.variable_dtype)

        def step(v: Tensor, _: Tensor) -> Tensor:
            uphill, v_k = contrastive_divergence(
                rbm, v, cd_steps=cd_steps, sample_visible=sample_visible, seed=draws
            )
            uphill = decayed(uphill, weights.W, weight_decay)
            for weight, m, way in zip(weights, memory, uphill, strict=True):
                taken, remembered = momentum_update(way, m, learning_rate, momentum)
                weight.assign_add(taken)
                m.assign(remembered)
            errors = tf.reduce_mean(tf.square(v - v_k), axis=1)  # (batch,)
            return tf.reduce_sum(errors, keepdims=True)

        self._run = make_run(step, jit_compile)
        self._watched = [*weights, *memory]
        self._state = [*self._watched, draws.state]
        self._momentum = momentum
        self._x = tf.constant(x)
        self._order = np.random.default_rng(seed)

    def epoch(self, batch_size: int, momentum: float) -> float:
        """Takes every row once, in an order drawn anew; returns the mean reconstruction error.

        Raises:
            DivergenceError: a weight became NaN or infinite; the step is undone.
        """
        self._momentum.assign(momentum)
        order = self._order.permutation(len(self._x))
        n_full = len(order) // batch_size * batch_size
        total = tf.zeros(1, "float64")
        for batches in (order[:n_full].reshape(-1, batch_size), order[n_full:].reshape(1, -1)):
            if batches.size:
                total = self._batches(batches.astype("int32"), total)
        return float(total[0]) / len(order)

    def _batches(self, batches: np.ndarray, total: Tensor) -> Tensor:
        rows = tf.constant(batches)
        for start in range(0, len(batches), STEPS_A_CALL):
            stop = min(start + STEPS_A_CALL, len(batches))
            total, done = self._call(rows, start, stop, total)
            if done < stop:
                raise DivergenceError(
                    f"step {done + 1} of the epoch made a weight of the RBM NaN or infinite; the "
                    "weights are those of the step before: lower the learning rate, or standardise "
                    "the features"
                )
        return total

    def _call(self, rows: Tensor, start: int, stop: int, before: Tensor) -> tuple[Tensor, int]:
        def attempt(start: int, stop: int) -> Tensor:
            ends = tf.constant(start), tf.constant(stop)
            return self._run(self._x, self._x, rows, *ends, before)

        return advance(attempt, self._state, start, stop, self._watched)
