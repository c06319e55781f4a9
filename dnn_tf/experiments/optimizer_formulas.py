"""The printed formulas of optimisers and schedules, and the right ones."""

import ast
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from dnn_tf import optimizers, regularizers, schedules
from dnn_tf.experiments.outcome import Claim
from dnn_tf.experiments.printed import Printed
from dnn_tf.experiments.unit_formulas import slope_at
from dnn_tf.types import Tensor

v1 = tf.compat.v1

GRADIENTS = (0.5, -0.2, 0.4, 0.3, 0.6)
FALLING = (0.1, 0.1, 0.1, 0.01, 0.01)
"""A learning rate that falls after the third step."""

SNIPPET = """initial_learning_rate = 0.1
    decay_steps = 10000
    decay_rate = 1/10"""
"""The first lines of the first document's schedule, as they are indented there."""

Gradient = Callable[[float, int], float]
"""From the weight and the number of the step, from 0."""


def optimizer_formulas() -> list[Printed]:
    """One for each error, in the order of the catalogue."""
    return [
        _momentum(),
        _nesterov(),
        *_rmsprop(),
        *_adam(),
        _ftrl(),
        *_weight_decay(),
        _schedule(),
    ]


def snippet() -> Claim:
    """E37, which has no number."""
    try:
        ast.parse(SNIPPET)
        found = "it does."
    except IndentationError as error:
        found = f"{type(error).__name__}, {error.msg}."
    text = "E37, first document: its lines for tf.train.exponential_decay run as they are indented."
    return Claim(text, found == "it does.", found)


def _momentum() -> Printed:
    inside, outside = (
        walk(optimizers.Momentum(learning_rate_inside=where), rates=FALLING)
        for where in (True, False)
    )
    return Printed(
        "O1 weight after 5 steps of momentum, the rate falling after the third",
        "first document: m <- beta m + eta g is what MomentumOptimizer does.",
        inside[-1], outside[-1],
        tf1_walk(lambda eta: v1.train.MomentumOptimizer(eta, 0.9), rates=FALLING)[-1], "TF1, live",
    )  # fmt: skip


def _nesterov() -> Printed:
    """On `5 w^2`, from 1."""
    steep, beta, rate, steps = 10.0, 0.9, 0.02, 10

    def down(sign: float) -> tuple[float, float]:
        w, m = 1.0, 0.0
        for _ in range(steps):
            m = beta * m + rate * steep * (w + sign * beta * m)
            w -= m
        return w, m

    def slope(w: float, _: int) -> float:
        return steep * w

    ahead = walk(optimizers.Nesterov(), slope, rates=[rate] * steps)
    theirs = tf1_walk(
        lambda eta: v1.train.MomentumOptimizer(eta, beta, use_nesterov=True),
        slope, rates=[rate] * steps,
    )  # fmt: skip
    w, m = down(sign=+1.0)
    return Printed(
        "E32 point ahead, w - beta m, after 10 Nesterov steps on 5 w^2",
        "first document: the gradient is taken at w + beta m, and m is taken off.",
        w - beta * m, ahead[-1], theirs[-1], "TF1, live",
    )  # fmt: skip


def _rmsprop() -> list[Printed]:
    gradients = [-4.0]
    printed = 0.0 - 0.1 * gradients[0] / gradients[0]  # s_0 = g_0
    tf1 = tf1_walk(lambda eta: v1.train.RMSPropOptimizer(eta, 0.9, epsilon=1e-10))
    return [
        Printed(
            "E33 first step of RMSProp from g = -4, eta = .1",
            "third document: s_0 = g_0.",
            printed,
            walk(optimizers.RMSProp(start="first_gradient"), gradients, [0.1], start=0.0)[-1],
            -0.1 * float(np.sign(gradients[0])), "s_0 = |g_0|",
        ),
        Printed(
            "O9 weight after 5 steps of RMSProp, mean square from 1",
            "",
            walk(keras.optimizers.RMSprop(rho=0.9))[-1],
            walk(optimizers.RMSProp(start="ones", epsilon=1e-10))[-1], tf1[-1], "TF1, live",
            called="from 0, as in Keras,",
        ),
        Printed(
            "O9 weight after 5 steps of RMSProp, mean square from 0", "",
            tf1[-1], walk(optimizers.RMSProp())[-1],
            walk(keras.optimizers.RMSprop(rho=0.9))[-1], "Keras, live", called="from 1, as in TF1,",
        ),
    ]  # fmt: skip


def _adam() -> list[Printed]:
    five = walk(optimizers.Adam())
    return [
        Printed(
            "E35 first step of Adam over its learning rate, .01",
            "fourth document: Adam's step is v / (sqrt(s) + epsilon), without more.",
            (1 - walk(optimizers.Adam(bias_correction=False))[0]) / 0.01,
            (1 - five[0]) / 0.01, (1 - walk(keras.optimizers.Adam())[0]) / 0.01,
            "Keras, live", 1e-4,
        ),
        Printed(
            "O11 weight after 5 steps of Adam",
            "",
            adam_in_place(), five[-1],
            tf1_walk(v1.train.AdamOptimizer)[-1], "TF1, live", 2e-6,
            called="were m <- m / (1 - beta^t) kept,",
        ),
    ]  # fmt: skip


def adam_in_place(rate: float = 0.01, epsilon: float = 1e-8) -> float:
    """The weight where the means themselves are cleared of the bias, again in every step."""
    w, m, v = 1.0, 0.0, 0.0
    for t, g in enumerate(GRADIENTS, start=1):
        m = (0.9 * m + 0.1 * g) / (1 - 0.9**t)
        v = (0.999 * v + 0.001 * g * g) / (1 - 0.999**t)
        w -= rate * m / (v**0.5 + epsilon)
    return w


def _ftrl() -> Printed:
    small = walk(optimizers.AdaGrad())[0]
    return Printed(
        "O13 weight 1 after one step of FTRL",
        "",
        small, walk(optimizers.FTRL())[0], tf1_walk(v1.train.FtrlOptimizer)[0], "TF1, live",
        called="AdaGrad, whose steps it takes,",
    )  # fmt: skip


def _weight_decay() -> list[Printed]:
    """`w <- w - eta (dL/dw + lambda w)`, and what Keras calls weight decay; lambda is 1."""
    penalty = regularizers.L2(1.0)

    def slope(w: float, step: int) -> float:
        return GRADIENTS[step] + slope_at(penalty, w)

    return [
        Printed(
            "L13 weight after 5 steps with the penalty 1/2 w^2, gradient descent", "",
            walk(optimizers.GradientDescent())[-1], walk(optimizers.GradientDescent(), slope)[-1],
            walk(keras.optimizers.SGD(weight_decay=1.0))[-1], "weight_decay= of Keras' SGD",
            called="without it",
        ),
        Printed(
            "L13 the same, Adam", "",
            walk(keras.optimizers.Adam(weight_decay=1.0))[-1],
            walk(optimizers.Adam(), slope)[-1],
            tf1_walk(v1.train.AdamOptimizer, lambda w, step: GRADIENTS[step] + w)[-1],
            "TF1, live, the penalty's gradient added", 2e-6,
            called="weight_decay= of Keras' Adam, which is no penalty,",
        ),
    ]  # fmt: skip


def _schedule() -> Printed:
    """After ten epochs of 1,100 steps."""
    steps = 11_000
    with tf.Graph().as_default(), v1.Session() as session:
        theirs = float(session.run(v1.train.exponential_decay(0.1, steps, 10_000, 0.1)))
    ours = schedules.ExponentialDecay()
    return Printed(
        "S3 learning rate after ten epochs of 1,100 steps",
        "",
        float(ours(np.float32(10))), float(ours(np.float32(steps))), theirs, "TF1, live", 1e-7,
        called="were r counted in epochs",
    )  # fmt: skip


def walk(
    optimizer: keras.optimizers.Optimizer,
    gradients: Sequence[float] | Gradient = GRADIENTS,
    rates: Sequence[float] = (0.01,) * 5,
    start: float = 1.0,
) -> list[float]:
    """The weight after each step.

    Args:
        optimizer: a new one.
        gradients: one a step, or a function of the weight.
        rates: the learning rate of each step.
        start: of the weight.
    """
    w = keras.Variable(start)
    weights = []
    for step, rate in enumerate(rates):
        optimizer.learning_rate = rate
        optimizer.apply([tf.constant(_at(gradients, float(w), step))], [w])
        weights.append(float(w))
    return weights


def tf1_walk(
    make: Callable[[Tensor], Any],
    gradients: Sequence[float] | Gradient = GRADIENTS,
    rates: Sequence[float] = (0.01,) * 5,
    start: float = 1.0,
) -> list[float]:
    """The same by an optimiser of TensorFlow 1, in a graph and a session."""
    weights = []
    with tf.Graph().as_default(), v1.Session() as session:
        eta, g = v1.placeholder(tf.float32, ()), v1.placeholder(tf.float32, ())
        w = v1.Variable(start, use_resource=True)
        step_op = make(eta).apply_gradients([(g, w)])
        session.run(v1.global_variables_initializer())
        for step, rate in enumerate(rates):
            value = _at(gradients, float(session.run(w)), step)
            session.run(step_op, {eta: rate, g: value})
            weights.append(float(session.run(w)))
    return weights


def _at(gradients: Sequence[float] | Gradient, w: float, step: int) -> float:
    return gradients(w, step) if callable(gradients) else gradients[step]
