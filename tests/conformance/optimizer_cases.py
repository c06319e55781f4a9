"""The table of the optimisers. A new optimiser, or a new variant of one, is a new row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from dnn_tf import optimizers

v1 = tf.compat.v1.train


@dataclass(frozen=True)
class OptimizerCase:
    """An optimiser for a learning rate, and peers that must take the same steps.

    `formula` is `(w, gradients, rates) -> w` in NumPy, all steps at once; its algebra is another
    than ours where there is one. `by_hand` is `(rate, w, gradients, w after each of them)`.
    `descends_at` is a learning rate at which it finds the minima.
    """

    make: Callable[[Any], keras.optimizers.Optimizer]
    formula: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
    by_hand: tuple[float, float, Sequence[float], Sequence[float]]
    descends_at: float
    keras_peer: Callable[[Any], keras.optimizers.Optimizer] | None = None
    tf1_peer: Callable[[Any], tf.compat.v1.train.Optimizer] | None = None


def gradient_descent(w, gs, rates):
    return w - sum(rate * g for rate, g in zip(rates, gs, strict=True))


def momentum(mu):
    """Document 003: `v <- mu v - eta g; w <- w + v`."""

    def formula(w, gs, rates):
        v = 0
        for g, rate in zip(gs, rates, strict=True):
            v = mu * v - rate * g
            w = w + v
        return w

    return formula


def momentum_outside(mu):
    """Every step is the sum of all gradients so far, each `mu` times as heavy as the next."""

    def formula(w, gs, rates):
        for t, rate in enumerate(rates):
            w = w - rate * sum(mu ** (t - i) * gs[i] for i in range(t + 1))
        return w

    return formula


def nesterov(mu):
    """The exact form, and where it would look in the next step."""

    def formula(w, gs, rates):
        m = 0
        for g, rate in zip(gs, rates, strict=True):
            m = mu * m + rate * g
            w = w - m
        return w - mu * m

    return formula


def nesterov_outside(mu):
    def formula(w, gs, rates):
        for t, rate in enumerate(rates):
            a = sum(mu ** (t - i) * gs[i] for i in range(t + 1))
            w = w - rate * (gs[t] + mu * a)
        return w

    return formula


def adagrad(start, root):
    def formula(w, gs, rates):
        s = start + np.cumsum(gs**2, axis=0)
        return w - sum(rate * g / root(x) for rate, g, x in zip(rates, gs, s, strict=True))

    return formula


def rmsprop(start, root, mu=0.0, rho=0.9):
    """The mean square as the sum that it is."""

    def formula(w, gs, rates):
        s0 = gs[0] ** 2 if start is None else start
        v = 0
        for t, rate in enumerate(rates):
            s = rho ** (t + 1) * s0 + (1 - rho) * sum(
                rho ** (t - i) * gs[i] ** 2 for i in range(t + 1)
            )
            v = mu * v - rate * gs[t] / root(s)
            w = w + v
        return w

    return formula


def adam(step, b1=0.9, b2=0.999):
    """The means as the sums that they are; `step(m, v, 1 - b1^t, 1 - b2^t)`."""

    def formula(w, gs, rates):
        for t, rate in enumerate(rates):
            m = (1 - b1) * sum(b1 ** (t - i) * gs[i] for i in range(t + 1))
            v = (1 - b2) * sum(b2 ** (t - i) * gs[i] ** 2 for i in range(t + 1))
            w = w - rate * step(m, v, 1 - b1 ** (t + 1), 1 - b2 ** (t + 1))
        return w

    return formula


def ftrl(l1=0.0, l2=0.0, shrinkage=0.0, beta=0.0, power=-0.5, start=0.1, keep_start=False):
    """By soft thresholding."""

    def formula(w, gs, rates):
        n = start
        z = 0
        if keep_start:
            z = -w * (n**-power / rates[0] + 2 * l2 + beta / rates[0]) - l1 * np.sign(w)
        for g, rate in zip(gs, rates, strict=True):
            sigma = ((n + g**2) ** -power - n**-power) / rate
            z = z + g + 2 * shrinkage * w - sigma * w
            n = n + g**2
            w = -np.sign(z) * np.maximum(np.abs(z) - l1, 0)
            w = w / ((n**-power + beta) / rate + 2 * l2)
        return w

    return formula


def adadelta(epsilon, rho=0.95):
    def formula(w, gs, rates):
        def rms(x):
            return np.sqrt(x + epsilon)

        s = d = 0
        for g, rate in zip(gs, rates, strict=True):
            s = rho * s + (1 - rho) * g**2
            delta = -rms(d) / rms(s) * g
            d = rho * d + (1 - rho) * delta**2
            w = w + rate * delta
        return w

    return formula


def inside(epsilon):
    return lambda s: np.sqrt(s + epsilon)


def outside(epsilon):
    return lambda s: np.sqrt(s) + epsilon


PENALTIES = {
    "learning_rate_power": -0.6,
    "initial_accumulator_value": 0.2,
    "l1_regularization_strength": 0.05,
    "l2_regularization_strength": 0.02,
    "l2_shrinkage_regularization_strength": 0.03,
    "beta": 0.4,
}
TO_MOMENTUM = (0.1, 0.0, [1.0, 1.0], [-0.1, -0.29])
TO_RMSPROP = (0.1, 0.0, [1.0, 1.0], [-(0.1**0.5), -(0.1**0.5) - 0.1 / 0.19**0.5])
TO_ADAM = (0.1, 1.0, [5.0, 5.0], [0.9, 0.8])

OPTIMIZERS = {
    "GradientDescent": OptimizerCase(
        lambda rate: optimizers.GradientDescent(rate),
        gradient_descent,
        (0.1, 1.0, [2.0, -1.0], [0.8, 0.9]),
        2e-3,
        lambda rate: keras.optimizers.SGD(rate),
        lambda rate: v1.GradientDescentOptimizer(rate),
    ),
    "Momentum": OptimizerCase(
        lambda rate: optimizers.Momentum(rate, momentum=0.8),
        momentum(0.8),
        (0.1, 0.0, [1.0, 1.0], [-0.1, -0.28]),
        1e-3,
        lambda rate: keras.optimizers.SGD(rate, momentum=0.8),
    ),
    "Momentum, learning rate outside": OptimizerCase(
        lambda rate: optimizers.Momentum(rate, learning_rate_inside=False),
        momentum_outside(0.9),
        TO_MOMENTUM,
        5e-4,
        None,
        lambda rate: v1.MomentumOptimizer(rate, 0.9),
    ),
    "Nesterov": OptimizerCase(
        lambda rate: optimizers.Nesterov(rate),
        nesterov(0.9),
        (0.1, 0.0, [1.0, 1.0], [-0.19, -0.461]),
        5e-4,
        lambda rate: keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
    ),
    "Nesterov, learning rate outside": OptimizerCase(
        lambda rate: optimizers.Nesterov(rate, momentum=0.8, learning_rate_inside=False),
        nesterov_outside(0.8),
        (0.1, 0.0, [1.0, 1.0], [-0.18, -0.424]),
        1e-3,
        None,
        lambda rate: v1.MomentumOptimizer(rate, 0.8, use_nesterov=True),
    ),
    "Nesterov, exact look-ahead": OptimizerCase(
        lambda rate: optimizers.Nesterov(rate, look_ahead="exact"),
        momentum(0.9),  # once the gradients are given
        TO_MOMENTUM,
        5e-4,
    ),
    "Nesterov, exact look-ahead, learning rate outside": OptimizerCase(
        lambda rate: optimizers.Nesterov(rate, look_ahead="exact", learning_rate_inside=False),
        momentum_outside(0.9),
        TO_MOMENTUM,
        5e-4,
    ),
    "AdaGrad": OptimizerCase(
        lambda rate: optimizers.AdaGrad(rate),
        adagrad(0.1, inside(1e-7)),
        (0.1, 0.0, [0.15**0.5, 0.75**0.5], [-0.2 * 0.15**0.5, -0.2 * 0.15**0.5 - 0.1 * 0.75**0.5]),
        0.5,
        lambda rate: keras.optimizers.Adagrad(rate),
    ),
    "AdaGrad, without epsilon": OptimizerCase(
        lambda rate: optimizers.AdaGrad(rate, initial_accumulator_value=0.2, epsilon=0),
        adagrad(0.2, np.sqrt),
        (0.1, 0.0, [0.05**0.5], [-0.2 * 0.05**0.5]),
        0.5,
        None,
        lambda rate: v1.AdagradOptimizer(rate, initial_accumulator_value=0.2),
    ),
    "AdaGrad, epsilon outside": OptimizerCase(
        lambda rate: optimizers.AdaGrad(
            rate, initial_accumulator_value=0, epsilon=1e-6, epsilon_inside=False
        ),
        adagrad(0.0, outside(1e-6)),
        (0.1, 0.0, [3.0, 4.0], [-0.1, -0.18]),
        0.5,
    ),
    "RMSProp": OptimizerCase(
        lambda rate: optimizers.RMSProp(rate),
        rmsprop(0.0, inside(1e-7)),
        TO_RMSPROP,
        2e-4,
        lambda rate: keras.optimizers.RMSprop(rate),
    ),
    "RMSProp, with momentum": OptimizerCase(
        lambda rate: optimizers.RMSProp(rate, rho=0.8, momentum=0.7, epsilon=1e-5),
        rmsprop(0.0, inside(1e-5), mu=0.7, rho=0.8),
        (0.1, 0.0, [2.0, 0.0], [-0.1 * 5**0.5, -0.17 * 5**0.5]),
        1e-4,
        lambda rate: keras.optimizers.RMSprop(rate, rho=0.8, momentum=0.7, epsilon=1e-5),
    ),
    "RMSProp, from ones": OptimizerCase(
        lambda rate: optimizers.RMSProp(rate, momentum=0.9, epsilon=1e-10, start="ones"),
        rmsprop(1.0, inside(1e-10), mu=0.9),
        TO_MOMENTUM,
        2e-5,
        None,
        lambda rate: v1.RMSPropOptimizer(rate, momentum=0.9, decay=0.9, epsilon=1e-10),
    ),
    "RMSProp, from the first gradient": OptimizerCase(
        lambda rate: optimizers.RMSProp(rate, epsilon=1e-12, start="first_gradient"),
        rmsprop(None, inside(1e-12)),
        (0.1, 0.0, [-4.0, 2.0], [0.1, 0.1 - 0.2 / 14.8**0.5]),
        2e-4,
    ),
    "RMSProp, epsilon outside": OptimizerCase(
        lambda rate: optimizers.RMSProp(rate, epsilon=1e-4, epsilon_inside=False),
        rmsprop(0.0, outside(1e-4)),
        (0.1, 0.0, [1.0], [-0.1 / (0.1**0.5 + 1e-4)]),
        2e-4,
    ),
    "Adam": OptimizerCase(
        lambda rate: optimizers.Adam(rate),
        adam(lambda m, v, u1, u2: m * np.sqrt(u2) / u1 / (np.sqrt(v) + 1e-7)),
        TO_ADAM,
        0.01,
        lambda rate: keras.optimizers.Adam(rate),
    ),
    "Adam, other betas and epsilon": OptimizerCase(
        lambda rate: optimizers.Adam(rate, beta_1=0.8, beta_2=0.99, epsilon=1e-8),
        adam(lambda m, v, u1, u2: m * np.sqrt(u2) / u1 / (np.sqrt(v) + 1e-8), b1=0.8, b2=0.99),
        TO_ADAM,
        2e-3,
        lambda rate: keras.optimizers.Adam(rate, beta_1=0.8, beta_2=0.99, epsilon=1e-8),
        lambda rate: v1.AdamOptimizer(rate, beta1=0.8, beta2=0.99, epsilon=1e-8),
    ),
    "Adam, as in the paper": OptimizerCase(
        lambda rate: optimizers.Adam(rate, epsilon=1e-2, epsilon_placement="outside"),
        adam(lambda m, v, u1, u2: (m / u1) / (np.sqrt(v / u2) + 1e-2)),
        (0.1, 1.0, [0.99, 0.99], [0.901, 0.802]),
        0.01,
    ),
    "Adam, epsilon inside": OptimizerCase(
        lambda rate: optimizers.Adam(rate, epsilon=0.19, epsilon_placement="inside"),
        adam(lambda m, v, u1, u2: (m / u1) / np.sqrt(v / u2 + 0.19)),
        (0.1, 1.0, [0.9, 0.9], [0.91, 0.82]),
        0.01,
    ),
    "Adam, without bias correction": OptimizerCase(
        lambda rate: optimizers.Adam(rate, bias_correction=False),
        adam(lambda m, v, *_: m / (np.sqrt(v) + 1e-7)),
        (0.1, 0.0, [1.0, 0.0], [-(0.1**0.5), -(0.1**0.5) - 0.009 / 0.000999**0.5]),
        2e-3,
    ),
    "FTRL": OptimizerCase(
        lambda rate: optimizers.FTRL(rate),
        ftrl(),
        (0.01, 1.0, [0.0, 1.0], [0.0, -0.01 / 1.1**0.5]),
        0.5,
        lambda rate: keras.optimizers.Ftrl(rate),
        lambda rate: v1.FtrlOptimizer(rate),
    ),
    "FTRL, with penalties": OptimizerCase(
        lambda rate: optimizers.FTRL(rate, **PENALTIES),
        ftrl(0.05, 0.02, 0.03, 0.4, -0.6, 0.2),
        (0.1, 0.0, [1.0], [-0.95 / (1.2**0.6 / 0.1 + 0.04 + 4.0)]),
        0.5,
        lambda rate: keras.optimizers.Ftrl(rate, **PENALTIES),
        lambda rate: v1.FtrlOptimizer(rate, **PENALTIES),
    ),
    "FTRL, keeps the start": OptimizerCase(
        lambda rate: optimizers.FTRL(rate, **PENALTIES, keep_start=True),
        ftrl(0.05, 0.02, 0.03, 0.4, -0.6, 0.2, keep_start=True),
        # a gradient that only the shrinkage, 2 * .03 * 1, makes up for
        (0.1, 1.0, [0.0], [1 - 0.06 / (0.2**0.6 / 0.1 + 4.04)]),
        0.5,
    ),
    "AdaDelta": OptimizerCase(
        lambda rate: optimizers.AdaDelta(rate),
        adadelta(1e-7),
        (1.0, 0.0, [-9.0], [9 * (1e-7 / (0.05 * 81 + 1e-7)) ** 0.5]),
        0.05,
        lambda rate: keras.optimizers.Adadelta(rate),
    ),
    "AdaDelta, other rho and epsilon": OptimizerCase(
        lambda rate: optimizers.AdaDelta(rate, rho=0.9, epsilon=1e-8),
        adadelta(1e-8, rho=0.9),
        (1.0, 0.0, [-9.0], [9 * (1e-8 / (0.1 * 81 + 1e-8)) ** 0.5]),
        0.1,
        lambda rate: keras.optimizers.Adadelta(rate, rho=0.9, epsilon=1e-8),
        lambda rate: v1.AdadeltaOptimizer(rate, rho=0.9, epsilon=1e-8),
    ),
    "LayerwiseRates": OptimizerCase(
        lambda rate: optimizers.LayerwiseRates(optimizers.GradientDescent(rate), {}, default=0.5),
        lambda w, gs, rates: gradient_descent(w, gs, 0.5 * rates),
        (0.1, 1.0, [2.0, -1.0], [0.9, 0.95]),
        4e-3,
        None,
        lambda rate: v1.GradientDescentOptimizer(0.5 * rate),
    ),
    "LayerwiseRates, around Adam": OptimizerCase(
        lambda rate: optimizers.LayerwiseRates(optimizers.Adam(rate), {}, default=0.5),
        lambda w, gs, rates: adam(lambda m, v, u1, u2: m * np.sqrt(u2) / u1 / (np.sqrt(v) + 1e-7))(
            w, gs, 0.5 * rates
        ),
        (0.1, 1.0, [5.0, 5.0], [0.95, 0.9]),
        0.02,
    ),
}
