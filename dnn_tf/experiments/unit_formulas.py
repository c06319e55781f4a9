"""The printed formulas of units, starts, normalisation and pooling, and the right ones."""

import math
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from dnn_tf import activations, initializers, layers, metrics
from dnn_tf.activations.rectified import SELU_ALPHA, SELU_SCALE
from dnn_tf.experiments.printed import Printed
from dnn_tf.optimizers import GradientDescent
from dnn_tf.types import Tensor

CUT = math.sqrt(1 - 4 * math.exp(-2) / math.sqrt(2 * math.pi) / math.erf(math.sqrt(2)))
"""What is left of the standard deviation of a normal that is cut off at two of them: 0.8796."""


def unit_formulas() -> list[Printed]:
    """One for each error, in the order of the catalogue."""
    return [
        *_starts(),
        _dead_network(),
        _bounded(),
        *_rectified(),
        *_maxout(),
        _tanh_start(),
        _batch_norm(),
        _pooling(),
    ]


def _starts() -> list[Printed]:
    """As printed, and with the outputs counted too, as its author meant it."""
    printed, meant = (
        float(ops.std(initializers.DocumentNormal(corrected=corrected)((784, 300))))
        for corrected in (False, True)
    )
    return [
        Printed(
            "E2 standard deviation of neuron_layer's start as it was meant, 784-300",
            "",
            printed, meant, CUT * 2 / math.sqrt(784 + 300), "0.8796 times 2 / sqrt(784 + 300)",
            2e-4, called="as printed, from the inputs alone,",
        ),
        Printed(
            "E2 standard deviation of neuron_layer's start as printed: the cut at two of them",
            "",
            2 / math.sqrt(784), printed, CUT * 2 / math.sqrt(784), "0.8796 times 2 / sqrt(784)",
            2e-4, called="what it is given as stddev is",
        ),
    ]  # fmt: skip


def _dead_network() -> Printed:
    y, dead = np.arange(10), np.zeros((10, 10), "float32")
    return Printed(
        "E3 accuracy of a network whose logits are all equal",
        "first document: in_top_k(logits, y, 1) tells what is right.",
        float(np.mean(tf.math.in_top_k(y, dead, 1))), float(ops.mean(metrics.accuracy(y, dead))),
        float(np.mean(np.argmax(dead, axis=1) == y)), "argmax of NumPy",
    )  # fmt: skip


def _bounded() -> Printed:
    z = np.linspace(-20, 20, 4001)
    return Printed(
        "E8 largest derivative of the sigmoid",
        "fifth document: the largest value of the sigmoid itself is 0.25.",
        float(ops.max(activations.sigmoid(z))), float(ops.max(activations.sigmoid_derivative(z))),
        slope_at(tf.sigmoid, 0.0), "TensorFlow's tape",
    )  # fmt: skip


def _rectified() -> list[Printed]:
    near = 1e-6
    z = np.array([-near, near])
    bent = np.asarray(activations.elu_derivative(z, alpha=2.0))
    return [
        Printed(
            "E10 derivative of the ReLU at -1",
            "second document: it is the sign of z.",
            float(np.sign(-1.0)), float(activations.relu_derivative(-1.0)),
            slope_at(tf.nn.relu, -1.0), "TensorFlow's tape",
        ),
        Printed(
            "E13 jump of the slope of ELU at 0, alpha = 2",
            "first document: it is smooth.",
            0.0, float(bent[1] - bent[0]),
            slope_at(_keras_elu, near) - slope_at(_keras_elu, -near), "tape through Keras", 1e-4,
        ),
        Printed(
            "E14 SELU at -1",
            "first document: scale * elu(z, alpha) is SELU (tf.nn.elu takes no alpha).",
            SELU_SCALE * float(tf.nn.elu(-1.0, str(SELU_ALPHA))), float(activations.selu(-1.0)),
            float(keras.activations.selu(tf.constant(-1.0))), "Keras",
        ),
    ]  # fmt: skip


def _keras_elu(z: Tensor) -> Tensor:
    return keras.activations.elu(z, alpha=2.0)


def _maxout() -> list[Printed]:
    unit = layers.Maxout(1, pieces=2)
    unit.build((None, 1))
    unit.set_weights([np.array([[1.0, 0.0]]), np.zeros(2)])
    wide = layers.Maxout(1, pieces=3)
    wide.build((None, 4))
    dense = keras.layers.Dense(1)
    dense.build((None, 4))
    x = np.linspace(-1, 1, 201)[:, None]
    return [
        Printed(
            "E15 Maxout at -1 that is a ReLU: two pieces, one of them 0",
            "third document: a ReLU is a Maxout of one element.",
            -1.0, float(unit(np.array([[-1.0]]))[0, 0]), float(tf.nn.relu(-1.0)), "tf.nn.relu",
        ),
        Printed(
            "E16 weights of a Maxout unit, 4 inputs and 3 pieces",
            "third document: n elements need n - 1 weights more than one.",
            dense.count_params() + 2, wide.count_params(), 3 * dense.count_params(),
            "three dense units of Keras",
        ),
        Printed(
            "E17 squared error of a Maxout that learnt |x| by gradient descent",
            "",
            best_line(x), learn_absolute_value(x), 0.0, "|x| is a Maxout of two pieces", 1e-3,
            called="by the best line",
        ),
    ]  # fmt: skip


def best_line(x: np.ndarray) -> float:
    """The squared error that a linear unit leaves of |x|."""
    line = np.polyfit(x[:, 0], np.abs(x[:, 0]), 1)
    return float(np.mean((np.polyval(line, x[:, 0]) - np.abs(x[:, 0])) ** 2))


def learn_absolute_value(x: np.ndarray, steps: int = 150) -> float:
    """Through the kinks: the gradient goes to the largest piece."""
    unit = layers.Maxout(1)
    unit.build((None, 1))
    unit.set_weights([np.array([[0.5, -0.2]]), np.zeros(2)])
    optimizer = GradientDescent(0.5)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((unit(x) - np.abs(x)) ** 2)
        optimizer.apply(tape.gradient(loss, unit.trainable_variables), unit.trainable_variables)
    return float(loss)


def _tanh_start() -> Printed:
    """Near 0, where the slope of tanh is 1, a layer should neither widen nor narrow."""
    x = 0.01 * np.random.default_rng(1).normal(size=(500, 400))

    def widened(name: str) -> float:
        return float(
            np.var(np.tanh(x @ np.asarray(initializers.get(name)((400, 400))))) / np.var(x)
        )

    return Printed(
        "E19 variance behind a tanh layer over that before it",
        "first document: He's start is for tanh.",
        widened("he_normal"), widened(initializers.recommended("tanh")),
        1.0, "Glorot & Bengio (2010)", 0.05,
    )  # fmt: skip


def _batch_norm() -> Printed:
    x = np.random.default_rng(1).normal(5.0, 2.0, size=(1000, 1)).astype("float32")
    normal = layers.BatchNorm()(x, training=True)
    return Printed(
        "E39 standard deviation behind batch normalisation",
        "first document: it divides by sqrt(mean^2) + epsilon.",
        float(np.std((x - x.mean()) / (np.sqrt(x.mean() ** 2) + 1e-3))), float(ops.std(normal)),
        float(ops.std(keras.layers.BatchNormalization()(x, training=True))), "Keras",
    )  # fmt: skip


def _pooling() -> Printed:
    image = np.random.default_rng(1).uniform(size=(1, 8, 8, 1)).astype("float32")

    def brightened(layer: keras.Layer) -> float:
        return float(ops.mean(layer(1.5 * image) / layer(image)))

    return Printed(
        "E45 what pooling makes of an image half as bright again",
        "second document: its result does not change with the brightness.",
        1.0, brightened(layers.MaxPooling()), brightened(keras.layers.MaxPooling2D()), "Keras",
    )  # fmt: skip


def slope_at(f: Callable[[Tensor], Tensor], z: float) -> float:
    """`f'(z)`, by TensorFlow."""
    place = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(place)
        value = f(place)
    return float(tape.gradient(value, place))
