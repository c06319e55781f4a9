"""Epochs of contrastive divergence, many steps in one compiled call."""

import numpy as np
import tensorflow as tf
from keras.random import SeedGenerator

from dnn_tf.layers import RBM
from dnn_tf.optimizers.momentum import momentum_update
from dnn_tf.pretraining.contrastive_divergence import Gradient, contrastive_divergence
from dnn_tf.training.epoch import make_run
from dnn_tf.training.rollback import advance
from dnn_tf.types import DivergenceError, Tensor

STEPS_A_CALL = 100
"""Between two calls Ctrl-C is heard."""

LARGEST_WEIGHT = 1_000.0
"""Of the kernel. By far beyond it every unit is always on or always off: nothing learns there any
more, and sigmoids keep the numbers finite."""


def decayed(gradient: Gradient, W: Tensor, weight_decay: float) -> Gradient:
    """With the penalty `weight_decay / 2 ||W||^2`; biases pay none."""
    return gradient._replace(W=gradient.W - weight_decay * W)


def is_too_large(kernel: Tensor) -> bool:
    """Whether a weight is beyond `LARGEST_WEIGHT`.

    >>> is_too_large(tf.constant([[1.0, -2000]]))
    True
    """
    return bool(tf.reduce_max(tf.abs(kernel)) > LARGEST_WEIGHT)


class RBMTrainer:
    """Holds the rows on the device, and the velocity of the weights.

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
        weights = Gradient(rbm.kernel, rbm.bias, rbm.visible_bias)
        velocity = [tf.Variable(tf.zeros_like(weight)) for weight in weights]
        momentum = tf.Variable(0.0, dtype=rbm.variable_dtype)

        def step(v: Tensor, _: Tensor) -> Tensor:
            gradient, v_k = contrastive_divergence(
                rbm, v, cd_steps=cd_steps, sample_visible=sample_visible, seed=draws
            )
            gradient = decayed(gradient, weights.W, weight_decay)
            for weight, g, m in zip(weights, gradient, velocity, strict=True):
                change, next_m = momentum_update(g, m, learning_rate, momentum)
                weight.assign_add(change)  # uphill
                m.assign(next_m)
            errors = tf.reduce_mean(tf.square(v - v_k), axis=1)  # (batch,)
            return tf.reduce_sum(errors, keepdims=True)

        self._run = make_run(step, jit_compile)
        self._rbm = rbm
        self._watched = [*weights, *velocity]
        self._state = [*self._watched, draws.state]
        self._momentum = momentum
        self._x = tf.constant(x)
        self._order = np.random.default_rng(seed)
        self._epoch = 0

    def epoch(self, batch_size: int, momentum: float) -> float:
        """Takes every row once, in an order drawn anew; returns the mean reconstruction error.

        Raises:
            DivergenceError: a weight became NaN, infinite, or larger than any that is of use; the
                step is undone.
        """
        self._epoch += 1
        self._momentum.assign(momentum)
        order = self._order.permutation(len(self._x))
        n_full = len(order) // batch_size * batch_size
        total = tf.zeros(1, "float64")
        first = 0  # step of the epoch, of these batches
        for batches in (order[:n_full].reshape(-1, batch_size), order[n_full:].reshape(1, -1)):
            if batches.size:
                total = self._batches(batches.astype("int32"), first, total)
            first += len(batches)
        return float(total[0]) / len(order)

    def _batches(self, batches: np.ndarray, first: int, total: Tensor) -> Tensor:
        rows = tf.constant(batches)
        for start in range(0, len(batches), STEPS_A_CALL):
            stop = min(start + STEPS_A_CALL, len(batches))
            total, done = self._call(rows, start, stop, total)
            if done < stop:
                raise DivergenceError(self._diverged(first + done + 1))
        return total

    def _diverged(self, step: int) -> str:
        standardise = ", or standardise the features" if self._rbm.visible == "gaussian" else ""
        return (
            f"step {step} of epoch {self._epoch} made a weight of RBM {self._rbm.name!r} NaN, "
            f"infinite or larger than {LARGEST_WEIGHT:g}; the weights are those of the step "
            f"before: lower the learning rate{standardise}"
        )

    def _call(self, rows: Tensor, start: int, stop: int, before: Tensor) -> tuple[Tensor, int]:
        def attempt(start: int, stop: int) -> Tensor:
            ends = tf.constant(start), tf.constant(stop)
            # `make_run` gathers labels too, and there are none: the rows stand in for them.
            return self._run(self._x, self._x, rows, *ends, before)

        return advance(
            attempt, self._state, start, stop, self._watched,
            also=lambda: not is_too_large(self._rbm.kernel),
        )  # fmt: skip
