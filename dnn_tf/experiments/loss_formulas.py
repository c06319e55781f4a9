"""The printed formulas of losses and of backpropagation, and the right ones."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from dnn_tf import losses, regularizers
from dnn_tf.activations import sigmoid, sigmoid_derivative
from dnn_tf.backpropagation import Dense, backward, forward
from dnn_tf.experiments.printed import Printed
from dnn_tf.experiments.rows import Row


def loss_formulas() -> list[Printed]:
    """One for each error, in the order of the catalogue."""
    return [*_losses(), _penalty(), *_backpropagation()]


def worked_values() -> list[Row]:
    """The fifth document's examples of cross-entropy and squared error, which are right."""
    near, far, nearest = [0.8, 0.1, 0.1], [0.8, 0.2, 0.0], [0.9, 0.1, 0.0]
    return [
        *(
            Row(f"L9 cross-entropy of the right class at {p}", cross_entropy([p, 1 - p]), ln, 5e-5)
            for p, ln in {0.6: 0.5108, 0.1: 2.3026, 0.3: 1.2040}.items()
        ),
        Row("L10 squared error of (.8, .2, 0)", squared(far), 0.08, 1e-6),
        Row("L10 squared error of (.8, .1, .1)", squared(near), 0.06, 1e-6),
        Row(
            "L10 their cross-entropies differ by",
            cross_entropy(far) - cross_entropy(near), 0.0, 1e-6,
        ),
        Row(
            "L10 squared error, (.8, .2, 0) over (.9, .1, 0)",
            squared(far) / squared(nearest), 4.0, 5e-4,
        ),
        Row(
            "L10 cross-entropy, (.8, .2, 0) over (.9, .1, 0)",
            cross_entropy(far) / cross_entropy(nearest), 2.118, 5e-4, note="the document: about 2",
        ),
    ]  # fmt: skip


def cross_entropy(p: list[float]) -> float:
    """Of these probabilities, the first being that of the right class."""
    logits = np.log(np.maximum(p, 1e-30))[None]
    return float(losses.sparse_softmax_cross_entropy([0], logits)[0])


def squared(p: list[float]) -> float:
    """Of these probabilities, the first class being the right one."""
    return float(losses.squared_error([[1.0] + [0.0] * (len(p) - 1)], [p])[0])


def _losses() -> list[Printed]:
    a = 1 / (1 + math.exp(-2.0))
    p = np.array([[0.6, 0.3, 0.1]])
    one_hot = np.array([[1.0, 0.0, 0.0]])
    y, z = tf.constant([[0.3]]), tf.constant([[0.8]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(z)
        ours, theirs = losses.half_squared_error(y, z), tf.nn.l2_loss(z - y)
    return [
        Printed(
            "E20 loss of a sigmoid at z = 2 that should say 0",
            "first document: C = 1/2 (y - a).",
            0.5 * (0 - a), float(losses.half_squared_error([[0.0]], [[a]])[0]),
            float(tf.nn.l2_loss(a)), "tf.nn.l2_loss",
        ),
        Printed(
            "E21 cross-entropy of the right class at 0.6",
            "fifth document: L = 1/N sum log p.",
            math.log(0.6), cross_entropy([0.6, 0.3, 0.1]),
            float(keras.losses.categorical_crossentropy(one_hot, p)[0]), "Keras",
        ),
        Printed(
            "E22 derivative of 1/2 (z - y)^2 at z = .8, y = .3",
            "",
            2 * (0.8 - 0.3), float(tape.gradient(ours, z)[0, 0]),
            float(tape.gradient(theirs, z)[0, 0]), "tape through tf.nn.l2_loss",
            called="of (z - y)^2, which the fourth document derives beside it,",
        ),
        Printed(
            "E23 mean absolute error of (2, -1)",
            "fifth document: it is the sum of the absolute values.",
            3.0, float(losses.mean_absolute_error([[1.0, 0.0]], [[3.0, -1.0]])[0]),
            float(keras.losses.mean_absolute_error([[1.0, 0.0]], [[3.0, -1.0]])[0]), "Keras",
        ),
    ]  # fmt: skip


def _penalty() -> Printed:
    w = ops.array([3.0, -4.0])
    return Printed(
        "L13 penalty 1/2 lambda ||w||^2 of (3, -4), lambda = .1",
        "",
        float(keras.regularizers.L2(0.1)(w)), float(regularizers.L2(0.1)(w)),
        0.1 * float(tf.nn.l2_loss(w)), "tf.nn.l2_loss",
        called="keras.regularizers.L2(lambda), which has no half,",
    )  # fmt: skip


def _backpropagation() -> list[Printed]:
    A = np.diag([3.0, 4.0])
    return [
        _delta(),
        Printed(
            "E25 trace of A^T A, A = diag(3, 4)",
            "fourth document: it is the square of ||A||_2.",
            float(np.linalg.norm(A, 2) ** 2), float(np.trace(A.T @ A)),
            float(np.linalg.norm(A, "fro") ** 2), "the square of Frobenius' norm, NumPy",
        ),
        _vanishing(),
        _exploding(),
    ]  # fmt: skip


def _delta() -> Printed:
    """`delta = ((W^T delta_above) * f')`, and not `(W^T * f') delta_above`."""
    rng = np.random.default_rng(1)
    stack = [dense(rng.normal(size=(3, 3)), rng.normal(size=3)) for _ in range(2)]
    a, z = forward(rng.normal(size=(1, 3)), stack, np)
    top = a[2] * np.asarray(sigmoid_derivative(z[1]))  # of 1/2 ||a||^2
    (_, ours), _ = backward(top, a, z, stack, np)
    as_printed = (stack[1].W * np.asarray(sigmoid_derivative(z[0]))) @ top[0]
    return Printed(
        "E24 norm of delta one layer down",
        "fourth document: delta_l = (W^T * f'(z_l)) delta_(l+1), entry by entry first.",
        float(np.linalg.norm(as_printed)), float(np.linalg.norm(ours)),
        float(np.linalg.norm(on_tape(stack, a[0])[0])), "TensorFlow's tape",
    )  # fmt: skip


def _vanishing() -> Printed:
    """All `z` are 0, where the slope of the sigmoid is 1/4: the bound is met, not beaten."""
    stack = [dense([[1.0]], [-0.5]) for _ in range(5)]
    ours, tape = _first_over_last(stack, 0.5)
    return Printed(
        "E26 (dL/db_1) / (dL/db_5) of five sigmoids in a row, w = 1",
        "fourth document: it is at most (1/4)^n w_2 ... w_n.",
        0.25**5, ours, tape, "TensorFlow's tape, (1/4)^(n - 1)", 1e-6,
    )  # fmt: skip


def _exploding() -> Printed:
    """Large weights alone do not explode: they saturate the sigmoids too."""
    stack = [dense([[6.0]], [0.0]) for _ in range(5)]
    ours, tape = _first_over_last(stack, 1.0)
    at_b = float(np.prod([6.0 * float(sigmoid_derivative(0.0))] * 4))
    return Printed(
        "E27 the same with w = 6, b = 0",
        "fourth document: it is the product of w s'(b).",
        at_b, ours, tape, "TensorFlow's tape, s'(z)", 1e-12,
    )  # fmt: skip


def dense(W: object, b: object) -> Dense:
    """A sigmoid layer in NumPy's double precision."""
    return Dense(
        np.asarray(W, "float64"),
        np.asarray(b, "float64"),
        lambda z: np.asarray(sigmoid(z)),
        lambda z: np.asarray(sigmoid_derivative(z)),
    )


def _first_over_last(stack: list[Dense], x: float) -> tuple[float, float]:
    """By hand, and by the tape; of the loss `1/2 a^2`."""
    a, z = forward(np.array([[x]]), stack, np)
    top = a[-1] * np.asarray(sigmoid_derivative(z[-1]))
    by_hand = [float(db[0]) for _, db in backward(top, a, z, stack, np)]
    by_tape = [float(db[0]) for db in on_tape(stack, a[0])]
    return by_hand[0] / by_hand[-1], by_tape[0] / by_tape[-1]


def on_tape(stack: list[Dense], x: np.ndarray) -> list[np.ndarray]:
    """`d(1/2 ||a||^2) / db` of every layer, by TensorFlow."""
    biases = [tf.Variable(layer.b) for layer in stack]
    with tf.GradientTape() as tape:
        a = tf.constant(x)
        for layer, b in zip(stack, biases, strict=True):
            a = tf.sigmoid(a @ layer.W + b)
        loss = tf.nn.l2_loss(a)
    return [gradient.numpy() for gradient in tape.gradient(loss, biases)]
