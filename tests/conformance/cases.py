"""The tables that the conformance tests walk. A new layer, loss or optimiser is a new row.

Every row pins its formula three ways: a number worked by hand, NumPy in float64, and a peer that
this project did not write.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from conformance import formulas
from dnn_tf import (
    activations,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    regularizers,
    schedules,
)


@dataclass(frozen=True)
class ActivationCase:
    """An activation, its derivative (for a vector, its Jacobian), and one value by hand."""

    function: Callable
    derivative: Callable
    formula: Callable[[np.ndarray], np.ndarray]
    peer: Callable
    by_hand: tuple[Sequence[float], Sequence[float]]
    differentiable: bool = True


@dataclass(frozen=True)
class InitializerCase:
    """An initialiser, the variance it must have at 30 inputs and 50 outputs, and a peer."""

    make: Callable[[int], keras.initializers.Initializer]
    variance: float
    peer: Callable[[], keras.initializers.Initializer]


@dataclass(frozen=True)
class LayerCase:
    """A layer and an input for it.

    `formula` is the same in NumPy, `(x, *weights) -> y`; `peer` in TensorFlow or Keras. `by_hand`
    is `(weights, x, y)`.
    """

    make: Callable[[], keras.Layer]
    input_shape: tuple[int, ...]
    formula: Callable[..., np.ndarray]
    peer: Callable[..., Any]
    by_hand: tuple[list, Any, Any]
    training: bool = False


@dataclass(frozen=True)
class MeasureCase:
    """A loss or metric `(labels, outputs) -> (batch,)`.

    `labels` says what they are: classes, probabilities of classes, yes or no, numbers, or pairs
    (yes or no, and an output that is a distance). `by_hand` is one example:
    `(labels, outputs, value)`.
    """

    function: Callable
    labels: str
    formula: Callable[[np.ndarray, np.ndarray], np.ndarray]
    peer: Callable
    by_hand: tuple[Any, Any, float]


@dataclass(frozen=True)
class WeightCase:
    """A regulariser or constraint on a `(4, 3)` kernel; `by_hand` is `(weights, result)`."""

    make: Callable[[], Any]
    formula: Callable[[np.ndarray], np.ndarray]
    peer: Callable
    by_hand: tuple[Any, Any]


@dataclass(frozen=True)
class ScheduleCase:
    """A schedule that ends, or has its last kink, by step 120.

    `formula` takes all steps at once; `by_hand` is `{step: rate}`. `keras_peer` makes a function
    of the step, and `tf1_peer` is one, of a tensor; `None` where there is no such peer.
    """

    make: Callable[[], keras.optimizers.schedules.LearningRateSchedule]
    formula: Callable[[np.ndarray], np.ndarray]
    by_hand: dict[int, float]
    keras_peer: Callable[[], Callable[[int], Any]] | None = None
    tf1_peer: Callable[[tf.Tensor], tf.Tensor] | None = None


def keras_layer(make):
    """A Keras layer as a peer: it is given our weights."""

    def call(x, *weights, training=False):
        layer = make()
        layer(x)
        layer.set_weights(weights)
        return layer(x, training=training)

    return call


def in_rnn(make):
    """A cell, walked along a sequence."""
    return lambda: keras.layers.RNN(make())


SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772

ACTIVATIONS = {
    "identity": ActivationCase(
        activations.identity,
        activations.identity_derivative,
        lambda z: z,
        keras.activations.linear,
        ([-2, 3], [-2, 3]),
    ),
    "step": ActivationCase(
        activations.step,
        activations.step_derivative,
        lambda z: np.heaviside(z, 1),
        lambda z: tf.cast(tf.math.sign(z) >= 0, z.dtype),
        ([-2, 0, 3], [0, 1, 1]),
        differentiable=False,
    ),
    "sigmoid": ActivationCase(
        activations.sigmoid,
        activations.sigmoid_derivative,
        formulas.sigmoid,
        tf.nn.sigmoid,
        ([0, np.log(3), -np.log(3)], [0.5, 0.75, 0.25]),
    ),
    "tanh": ActivationCase(
        activations.tanh,
        activations.tanh_derivative,
        lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
        tf.nn.tanh,
        ([0, np.log(2)], [0, 0.6]),  # (2 - 1/2) / (2 + 1/2)
    ),
    "relu": ActivationCase(
        activations.relu,
        activations.relu_derivative,
        lambda z: np.maximum(0, z),
        tf.nn.relu,
        ([-2, 0, 3], [0, 0, 3]),
    ),
    "leaky_relu": ActivationCase(
        activations.leaky_relu,
        activations.leaky_relu_derivative,
        lambda z: np.maximum(0.01 * z, z),
        functools.partial(tf.nn.leaky_relu, alpha=0.01),
        ([-2, 0, 3], [-0.02, 0, 3]),
    ),
    "leaky_relu, slope 0.2": ActivationCase(
        functools.partial(activations.leaky_relu, slope=0.2),
        functools.partial(activations.leaky_relu_derivative, slope=0.2),
        lambda z: np.where(z > 0, z, 0.2 * z),
        keras.activations.leaky_relu,
        ([-2, 3], [-0.4, 3]),
    ),
    "elu": ActivationCase(
        activations.elu,
        activations.elu_derivative,
        formulas.elu,
        tf.nn.elu,
        ([-np.log(2), 0, 3], [-0.5, 0, 3]),
    ),
    "elu, alpha 2": ActivationCase(
        functools.partial(activations.elu, alpha=2.0),
        functools.partial(activations.elu_derivative, alpha=2.0),
        lambda z: formulas.elu(z, 2.0),
        # keras.activations.elu takes the other slope at the kink
        lambda z: tf.where(z >= 0, z, 2 * tf.math.expm1(tf.minimum(z, 0))),
        ([-np.log(2), 3], [-1, 3]),
    ),
    "selu": ActivationCase(
        activations.selu,
        activations.selu_derivative,
        lambda z: SCALE * formulas.elu(z, ALPHA),
        tf.nn.selu,
        ([-np.log(2), 1], [-0.8790497, 1.0507010]),  # -scale * alpha / 2
    ),
    "softmax": ActivationCase(
        activations.softmax,
        activations.softmax_jacobian,
        formulas.softmax,
        tf.nn.softmax,
        ([0, np.log(3)], [0.25, 0.75]),
    ),
}


def keras_scaling(scale, mode, distribution):
    return lambda: keras.initializers.VarianceScaling(scale, mode, distribution, seed=5)


INITIALIZERS = {
    "DocumentNormal": InitializerCase(
        lambda seed: initializers.DocumentNormal(seed=seed),
        0.8796256**2 * 4 / 30,
        lambda: keras.initializers.TruncatedNormal(0, 2 / np.sqrt(30), seed=5),
    ),
    "DocumentNormal, corrected": InitializerCase(
        lambda seed: initializers.DocumentNormal(corrected=True, seed=seed),
        0.8796256**2 * 4 / 80,
        lambda: keras.initializers.TruncatedNormal(0, 2 / np.sqrt(80), seed=5),
    ),
    "PlainNormal": InitializerCase(
        lambda seed: initializers.PlainNormal(seed=seed),
        1,
        lambda: keras.initializers.RandomNormal(0, 1, seed=5),
    ),
    "PlainNormal, narrow": InitializerCase(
        lambda seed: initializers.PlainNormal(0.01, seed=seed),
        1e-4,
        lambda: keras.initializers.RandomNormal(0, 0.01, seed=5),
    ),
    "XavierNormal": InitializerCase(
        lambda seed: initializers.XavierNormal(seed=seed),
        2 / 80,
        keras_scaling(1, "fan_avg", "untruncated_normal"),
    ),
    "XavierUniform": InitializerCase(
        lambda seed: initializers.XavierUniform(seed=seed),
        2 / 80,
        lambda: keras.initializers.GlorotUniform(seed=5),
    ),
    "HeNormal": InitializerCase(
        lambda seed: initializers.HeNormal(seed=seed),
        2 / 30,
        keras_scaling(2, "fan_in", "untruncated_normal"),
    ),
    "HeUniform": InitializerCase(
        lambda seed: initializers.HeUniform(seed=seed),
        2 / 30,
        lambda: keras.initializers.HeUniform(seed=5),
    ),
    "HeAverageNormal": InitializerCase(
        lambda seed: initializers.HeAverageNormal(seed=seed),
        4 / 80,
        keras_scaling(2, "fan_avg", "untruncated_normal"),
    ),
    "HeAverageUniform": InitializerCase(
        lambda seed: initializers.HeAverageUniform(seed=seed),
        4 / 80,
        keras_scaling(2, "fan_avg", "uniform"),
    ),
    "LeCunNormal": InitializerCase(
        lambda seed: initializers.LeCunNormal(seed=seed),
        1 / 30,
        keras_scaling(1, "fan_in", "untruncated_normal"),
    ),
    "LeCunUniform": InitializerCase(
        lambda seed: initializers.LeCunUniform(seed=seed),
        1 / 30,
        lambda: keras.initializers.LecunUniform(seed=5),
    ),
}

IMAGE = np.arange(1.0, 10.0).reshape(1, 3, 3, 1)
"""1 2 3 / 4 5 6 / 7 8 9"""

LAYERS = {
    "NeuronLayer": LayerCase(
        lambda: layers.NeuronLayer(3, activation="relu", bias_initializer="ones"),
        (4,),
        lambda x, W, b: np.maximum(x @ W + b, 0),
        keras_layer(lambda: keras.layers.Dense(3, "relu")),
        ([np.ones((4, 3)), [0.5, 0, -9]], [[1.0, 2, 3, -4]], [[2.5, 2, 0]]),
    ),
    "NeuronLayer, linear": LayerCase(
        lambda: layers.NeuronLayer(2, kernel_initializer="he_normal"),
        (5, 4),
        lambda x, W, b: x @ W + b,
        keras_layer(lambda: keras.layers.Dense(2)),
        ([np.ones((4, 2)), [1.0, 0]], np.ones((1, 5, 4)), np.tile([5.0, 4], (1, 5, 1))),
    ),
    "NeuronLayer, PReLU": LayerCase(
        lambda: layers.NeuronLayer(2, activation=layers.PReLU()),
        (2,),
        lambda x, W, b, a: np.where(x @ W + b > 0, x @ W + b, a * (x @ W + b)),
        lambda x, W, b, a: keras_layer(keras.layers.PReLU)(tf.matmul(x, W) + b, a),
        ([np.eye(2), [0.0, 0], [0.5, 0.1]], [[-2.0, -3]], [[-1, -0.3]]),
    ),
    "Maxout": LayerCase(
        lambda: layers.Maxout(3, pieces=2),
        (4,),
        lambda x, W, b: formulas.maxout(x, W, b, 2),
        lambda x, W, b: tf.nn.pool((tf.matmul(x, W) + b)[..., None], [2], "MAX", [2])[..., 0],
        ([np.ones((4, 6)), [0.0, 1, 0, 2, 5, 0]], np.ones((1, 4)), [[5.0, 6, 9]]),
    ),
    "Maxout, 3 pieces of a sequence": LayerCase(
        lambda: layers.Maxout(2, pieces=3),
        (5, 4),
        lambda x, W, b: formulas.maxout(x, W, b, 3),
        lambda x, W, b: tf.reduce_max(
            tf.stack([tf.tensordot(x, W[:, i::3], 1) + b[i::3] for i in range(3)]), axis=0
        ),
        ([np.zeros((4, 6)), np.arange(6.0)], np.ones((1, 5, 4)), np.tile([2.0, 5], (1, 5, 1))),
    ),
    "PReLU": LayerCase(
        layers.PReLU,
        (4,),
        lambda x, a: np.where(x > 0, x, a * x),
        keras_layer(keras.layers.PReLU),
        ([[0.5, 0.5, 0, 1]], [[-2.0, 3, -4, -5]], [[-1, 3, 0, -5]]),
    ),
    "PReLU, of images": LayerCase(
        layers.PReLU,
        (3, 3, 2),
        lambda x, a: np.maximum(x, 0) + a * np.minimum(x, 0),
        lambda x, a: keras_layer(lambda: keras.layers.PReLU(shared_axes=(1, 2)))(
            x, a.reshape(1, 1, 2)
        ),
        ([[0.5]], -IMAGE, -IMAGE / 2),
    ),
    "RReLU": LayerCase(
        layers.RReLU,
        (4,),
        lambda x: np.where(x > 0, x, (1 / 8 + 1 / 3) / 2 * x),
        lambda x: tf.nn.leaky_relu(x, 11 / 48),
        ([], [[-48.0, 3]], [[-11, 3]]),
    ),
    "Dropout": LayerCase(
        layers.Dropout,
        (4,),
        lambda x: x,
        keras_layer(lambda: keras.layers.Dropout(0.5)),
        ([], [[1.0, 2]], [[1, 2]]),
    ),
    "AlphaDropout": LayerCase(
        layers.AlphaDropout,
        (4,),
        lambda x: x,
        keras_layer(lambda: keras.layers.AlphaDropout(0.1)),
        ([], [[1.0, 2]], [[1, 2]]),
    ),
    "GaussianNoise": LayerCase(
        layers.GaussianNoise,
        (4,),
        lambda x: x,
        keras_layer(lambda: keras.layers.GaussianNoise(0.1)),
        ([], [[1.0, 2]], [[1, 2]]),
    ),
    "BatchNorm": LayerCase(
        layers.BatchNorm,
        (4,),
        formulas.batch_norm,
        keras_layer(keras.layers.BatchNormalization),
        ([[2.0], [1], [5], [4 - 1e-3]], [[5.0], [9]], [[1], [5]]),
    ),
    "BatchNorm, in training": LayerCase(
        layers.BatchNorm,
        (4,),
        lambda x, gamma, beta, *_: formulas.batch_norm(x, gamma, beta, x.mean(0), x.var(0)),
        keras_layer(lambda: keras.layers.BatchNormalization(momentum=0.9)),
        ([[2.0], [1], [0], [1]], [[1.0], [3]], [[1 - 2 / 1.001**0.5], [1 + 2 / 1.001**0.5]]),
        training=True,
    ),
    "BatchNorm, of images in training": LayerCase(
        lambda: layers.BatchNorm(momentum=0.5, epsilon=0.01),
        (3, 3, 2),
        lambda x, gamma, beta, *_: formulas.batch_norm(
            x, gamma, beta, x.mean((0, 1, 2)), x.var((0, 1, 2)), 0.01
        ),
        lambda x, gamma, beta, *_, **__: tf.nn.batch_normalization(
            x, *tf.nn.moments(x, [0, 1, 2]), beta, gamma, 0.01
        ),
        ([[1.0], [0], [0], [1]], IMAGE, (IMAGE - 5) / (60 / 9 + 0.01) ** 0.5),
        training=True,
    ),
    "RBM": LayerCase(
        lambda: layers.RBM(3),
        (4,),
        lambda v, W, b, a: formulas.sigmoid(v @ W + b),
        lambda v, W, b, a: tf.nn.sigmoid(tf.matmul(v, W) + b),
        ([[[np.log(3)], [0.0]], [0.0], [7.0, 7.0]], [[1.0, 1], [-1, 1]], [[0.75], [0.25]]),
    ),
    "RBM, Gaussian": LayerCase(
        lambda: layers.RBM(2, "gaussian", bias_initializer="ones"),
        (5, 4),
        lambda v, W, b, a: formulas.sigmoid(v @ W + b),
        lambda v, W, b, a: keras_layer(lambda: keras.layers.Dense(2, "sigmoid"))(v, W, b),
        ([[[1.0]], [np.log(3) - 2], [7.0]], [[[2.0], [2]]], [[[0.75], [0.75]]]),
    ),
    "Convolution": LayerCase(
        lambda: layers.Convolution(4, 3, activation="tanh"),
        (6, 5, 2),
        lambda x, W, b: np.tanh(formulas.convolution(x, W, b)),
        lambda x, W, b: tf.tanh(tf.nn.conv2d(x, W, 1, "VALID") + b),
        ([np.full((3, 3, 1, 4), 0.01), np.zeros(4)], IMAGE, np.full((1, 1, 1, 4), np.tanh(0.45))),
    ),
    "Convolution, padded in strides": LayerCase(
        lambda: layers.Convolution(4, 2, strides=2, padding="same", bias_initializer="ones"),
        (6, 5, 2),
        lambda x, W, b: formulas.convolution(formulas.framed(x, 2, 2, 0), W, b, 2),
        keras_layer(lambda: keras.layers.Conv2D(4, 2, strides=2, padding="same")),
        (
            [np.ones((2, 2, 1, 4)), np.zeros(4)],
            IMAGE,
            np.tile(np.reshape([12.0, 9, 15, 9], (1, 2, 2, 1)), 4),
        ),
    ),
    "LocallyConnected": LayerCase(
        lambda: layers.LocallyConnected(3, 2),
        (4, 5, 2),
        lambda x, W, b: formulas.locally_connected(x, W, b, 2),
        lambda x, W, b: (
            tf.einsum(
                "brcw,rcwf->brcf",
                tf.image.extract_patches(x, [1, 2, 2, 1], [1] * 4, [1] * 4, "VALID"),
                W,
            )
            + b
        ),
        (
            [np.arange(4.0).reshape(2, 2, 1, 1) * np.ones((4, 3)), np.zeros((2, 2, 3))],
            IMAGE,  # the sums of the windows are 12 16 / 24 28
            np.repeat(np.reshape([0.0, 16, 48, 84], (1, 2, 2, 1)), 3, axis=-1),
        ),
    ),
    "LocallyConnected, in strides": LayerCase(
        lambda: layers.LocallyConnected(2, 3, 2, "relu"),
        (5, 7, 1),
        lambda x, W, b: np.maximum(formulas.locally_connected(x, W, b, 3, 2), 0),
        lambda x, W, b: tf.nn.relu(
            tf.einsum(
                "brcw,rcwf->brcf",
                tf.image.extract_patches(x, [1, 3, 3, 1], [1, 2, 2, 1], [1] * 4, "VALID"),
                W,
            )
            + b
        ),
        ([np.ones((1, 1, 9, 2)), np.full((1, 1, 2), -1.0)], IMAGE, np.full((1, 1, 1, 2), 44.0)),
    ),
    "MaxPooling": LayerCase(
        layers.MaxPooling,
        (5, 4, 2),
        lambda x: formulas.max_pooling(x, 2, 2),
        lambda x: tf.nn.max_pool2d(x, 2, 2, "VALID"),
        ([], IMAGE, [[[[5.0]]]]),
    ),
    "MaxPooling, overlapping and padded": LayerCase(
        lambda: layers.MaxPooling(3, strides=2, padding="same"),
        (5, 6, 2),
        lambda x: formulas.max_pooling(formulas.framed(x, 3, 2, -np.inf), 3, 2),
        lambda x: tf.nn.max_pool2d(x, 3, 2, "SAME"),
        ([], -IMAGE, -np.reshape([1.0, 2, 4, 5], (1, 2, 2, 1))),
    ),
    "MeanPooling": LayerCase(
        layers.MeanPooling,
        (5, 4, 2),
        lambda x: formulas.mean_pooling(x, 2, 2),
        lambda x: tf.nn.avg_pool2d(x, 2, 2, "VALID"),
        ([], IMAGE, [[[[3.0]]]]),
    ),
    "MeanPooling, overlapping and padded": LayerCase(
        lambda: layers.MeanPooling(3, strides=2, padding="same"),
        (5, 6, 2),
        lambda x: formulas.mean_pooling(formulas.framed(x, 3, 2, np.nan), 3, 2),
        lambda x: tf.nn.avg_pool2d(x, 3, 2, "SAME"),
        ([], IMAGE, np.reshape([3.0, 4, 6, 7], (1, 2, 2, 1))),
    ),
    "SimpleRNNCell": LayerCase(
        in_rnn(lambda: layers.SimpleRNNCell(3)),
        (5, 4),
        formulas.simple_rnn,
        keras_layer(lambda: keras.layers.SimpleRNN(3)),
        ([[[1.0]], [[2.0]], [0.5]], [[[0.5], [1]]], [[np.tanh(1.5 + 2 * np.tanh(1))]]),
    ),
    "LSTMCell": LayerCase(
        in_rnn(lambda: layers.LSTMCell(3)),
        (5, 4),
        formulas.lstm,
        keras_layer(lambda: keras.layers.LSTM(3)),
        # gates half open, candidate tanh(1): c = .5 tanh(1), then .5 c + .5 tanh(1)
        (
            [[[0.0, 0, 1, 0]], np.zeros((1, 4)), np.zeros(4)],
            [[[1.0], [1]]],
            [[0.5 * np.tanh(0.75 * np.tanh(1))]],
        ),
    ),
    "GRUCell": LayerCase(
        in_rnn(lambda: layers.GRUCell(3)),
        (5, 4),
        formulas.gru,
        keras_layer(lambda: keras.layers.GRU(3)),
        # update gate half open, candidate tanh(1): h = .5 tanh(1), then .5 h + .5 tanh(1)
        (
            [[[0.0, 0, 1]], np.zeros((1, 3)), np.zeros((2, 3))],
            [[[1.0], [1]]],
            [[0.75 * np.tanh(1)]],
        ),
    ),
    "GRUCell, of the paper": LayerCase(
        in_rnn(lambda: layers.GRUCell(3, reset_after=False)),
        (5, 4),
        formulas.gru,
        keras_layer(lambda: keras.layers.GRU(3, reset_after=False)),
        # the same with a candidate that sees half the state, of which h = .5 tanh(1) to begin with
        (
            [[[0.0, 0, 1]], [[0.0, 0, 2]], np.zeros(3)],
            [[[1.0], [0]]],
            [[0.25 * np.tanh(1) + 0.5 * np.tanh(0.5 * np.tanh(1))]],
        ),
    ),
}

HALF = np.log(0.5)

LOSSES = {
    "squared_error": MeasureCase(
        losses.squared_error,
        "numbers",
        lambda y, z: ((z - y) ** 2).sum(1),
        lambda y, z: tf.reduce_sum(tf.math.squared_difference(z, y), axis=1),
        ([1, 0], [3, 1], 5),
    ),
    "half_squared_error": MeasureCase(
        losses.half_squared_error,
        "numbers",
        lambda y, z: ((z - y) ** 2).sum(1) / 2,
        lambda y, z: tf.map_fn(tf.nn.l2_loss, z - y),
        ([1, 0], [3, 1], 2.5),
    ),
    "mean_squared_error": MeasureCase(
        losses.mean_squared_error,
        "numbers",
        lambda y, z: ((z - y) ** 2).mean(1),
        keras.losses.mean_squared_error,
        ([1, 0], [4, 1], 5),
    ),
    "absolute_error": MeasureCase(
        losses.absolute_error,
        "numbers",
        lambda y, z: np.abs(z - y).sum(1),
        lambda y, z: tf.norm(z - y, ord=1, axis=1),
        ([1, 0], [3, -1], 3),
    ),
    "mean_absolute_error": MeasureCase(
        losses.mean_absolute_error,
        "numbers",
        lambda y, z: np.abs(z - y).mean(1),
        keras.losses.mean_absolute_error,
        ([1, 0], [3, -1], 1.5),
    ),
    "smooth_l1": MeasureCase(
        losses.smooth_l1,
        "numbers",
        lambda y, z: np.where(abs(y - z) < 1, (y - z) ** 2 / 2, abs(y - z) - 0.5).sum(1),
        lambda y, z: 3 * keras.losses.huber(y, z, delta=1.0),
        ([0, 0], [0.5, 3], 2.625),
    ),
    "huber": MeasureCase(
        functools.partial(losses.huber, delta=2.0),
        "numbers",
        lambda y, z: np.where(abs(y - z) < 2, (y - z) ** 2 / 2, 2 * abs(y - z) - 2).mean(1),
        lambda y, z: keras.losses.huber(y, z, delta=2.0),
        ([0, 0], [0.5, 3], 2.0625),
    ),
    "quantile": MeasureCase(
        losses.quantile,
        "numbers",
        lambda y, z: np.where(y > z, 0.5 * (y - z), 0.5 * (z - y)).mean(1),
        lambda y, z: keras.losses.mean_absolute_error(y, z) / 2,
        ([0, 0], [4, -2], 1.5),
    ),
    "contrastive": MeasureCase(
        losses.contrastive,
        "pairs",
        lambda y, d: np.where(y == 1, d**2, np.where(d < 1, (1 - d) ** 2, 0))[:, 0],
        lambda y, d: tf.where(
            y[:, 0] == 1,
            keras.losses.mean_squared_error(tf.zeros_like(d), d),
            keras.losses.squared_hinge(tf.ones_like(d), d),
        ),
        ([0], [0.25], 0.5625),
    ),
    "perceptron": MeasureCase(
        losses.perceptron,
        "yes or no",
        lambda y, z: np.maximum(0, -(2 * y - 1) * z).sum(1),
        lambda y, z: tf.reduce_sum(tf.nn.relu((1 - 2 * y) * z), axis=1),
        ([1, 0, 1], [-2, 0.5, 7], 2.5),
    ),
    "sigmoid_cross_entropy": MeasureCase(
        losses.sigmoid_cross_entropy,
        "yes or no",
        lambda y, z: -np.log(formulas.sigmoid(np.where(y == 1, z, -z))).sum(1),
        lambda y, z: tf.reduce_sum(
            tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z), axis=1
        ),
        ([1, 0], [0, np.log(3)], -HALF + np.log(4)),
    ),
    "softmax_cross_entropy": MeasureCase(
        losses.softmax_cross_entropy,
        "probabilities",
        lambda y, z: -(y * np.log(formulas.softmax(z))).sum(1),
        lambda y, z: tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z),
        ([0.5, 0.5], [np.log(1), np.log(3)], (np.log(4) + np.log(4 / 3)) / 2),
    ),
    "sparse_softmax_cross_entropy": MeasureCase(
        losses.sparse_softmax_cross_entropy,
        "classes",
        lambda y, z: -np.log(formulas.softmax(z))[np.arange(len(y)), y.astype(int)],
        lambda y, z: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=z),
        (1, np.log([0.6, 0.3, 0.1]), 1.2039728),
    ),
}

METRICS = {
    "accuracy": MeasureCase(
        metrics.accuracy,
        "classes",
        lambda y, z: np.equal(z.argmax(1), y),
        lambda y, z: keras.metrics.sparse_categorical_accuracy(y, z),
        (1, [0, 2, 1], 1),
    ),
    "in_top_k": MeasureCase(
        metrics.in_top_k,
        "classes",
        lambda y, z: np.equal(z.argmax(1), y),
        lambda y, z: tf.math.in_top_k(targets=tf.cast(y, tf.int32), predictions=z, k=1),
        (1, [2, 2, 1], 1),
    ),
    "mean_bias_error": MeasureCase(
        metrics.mean_bias_error,
        "numbers",
        lambda y, z: z.mean(1) - y.mean(1),
        lambda y, z: tf.reduce_mean(z - y, axis=1),
        ([1, 1], [4, 0], 1),
    ),
}

REGULARIZERS = {
    "L1": WeightCase(
        lambda: regularizers.L1(0.1),
        lambda w: 0.1 * np.abs(w).sum(),
        lambda w: 0.1 * tf.norm(tf.reshape(w, [-1]), ord=1),
        ([[3.0, -4]], 0.7),
    ),
    "L2": WeightCase(
        lambda: regularizers.L2(0.1),
        lambda w: 0.05 * (w**2).sum(),
        lambda w: 0.1 * tf.nn.l2_loss(w),
        ([[3.0, -4]], 1.25),
    ),
}

CONSTRAINTS = {
    "MaxNorm": WeightCase(
        constraints.MaxNorm,
        lambda w: np.stack([v / max(1, np.linalg.norm(v)) for v in w.T], axis=1),
        lambda w: tf.clip_by_norm(w, 1.0, axes=0),
        ([[3.0, 0.3], [4, 0.4]], [[0.6, 0.3], [0.8, 0.4]]),
    ),
    "MaxNorm, as in the notebook": WeightCase(
        lambda: constraints.MaxNorm(0.5, axis=1),
        lambda w: np.stack([v / max(1, 2 * np.linalg.norm(v)) for v in w]),
        lambda w: tf.compat.v1.clip_by_norm(w, 0.5, axes=1),
        ([[3.0, 4], [0.3, 0]], [[0.3, 0.4], [0.3, 0]]),
    ),
}

KERAS_SCHEDULES = keras.optimizers.schedules
TF1 = tf.compat.v1.train


def three_lines(step):
    """From 0.2 to 2 by step 45, back by 90, to 0.0002 by 100."""
    pieces = {45: (0.2, 45, 2.0), 90: (2.0, 45, 0.2), np.inf: (0.2, 10, 0.0002)}
    start = 0
    for end, piece in pieces.items():
        if step < end:
            return KERAS_SCHEDULES.PolynomialDecay(*piece)(step - start)
        start = end
    raise AssertionError(step)


SCHEDULES = {
    "PiecewiseConstant": ScheduleCase(
        lambda: schedules.PiecewiseConstant([20, 50, 120], [1.0, 0.1, 0.3, 0.01]),
        lambda t: np.select([t <= 20, t <= 50, t <= 120], [1.0, 0.1, 0.3], 0.01),
        {0: 1, 20: 1, 21: 0.1, 50: 0.1, 51: 0.3, 120: 0.3, 121: 0.01},
        lambda: KERAS_SCHEDULES.PiecewiseConstantDecay([20, 50, 120], [1.0, 0.1, 0.3, 0.01]),
        lambda t: TF1.piecewise_constant(t, [20, 50, 120], [1.0, 0.1, 0.3, 0.01]),
    ),
    "ExponentialDecay": ScheduleCase(
        lambda: schedules.ExponentialDecay(0.5, 30, 0.2),
        lambda t: 0.5 * np.exp(np.log(0.2) * t / 30),
        {0: 0.5, 30: 0.1, 60: 0.02, 90: 0.004},
        lambda: KERAS_SCHEDULES.ExponentialDecay(0.5, 30, 0.2),
        lambda t: TF1.exponential_decay(0.5, t, 30, 0.2),
    ),
    "ExponentialDecay, of the document": ScheduleCase(
        schedules.ExponentialDecay,
        lambda t: 0.1 * 10 ** (-t / 10_000),
        {0: 0.1, 5000: 0.1 / np.sqrt(10), 10_000: 0.01, 20_000: 0.001},
        lambda: KERAS_SCHEDULES.ExponentialDecay(0.1, 10_000, 1 / 10),
        lambda t: TF1.exponential_decay(0.1, t, 10_000, 1 / 10),
    ),
    "ExponentialDecay, in stairs": ScheduleCase(
        lambda: schedules.ExponentialDecay(0.5, 30, 0.2, staircase=True),
        lambda t: 0.5 * 0.2 ** (t // 30),
        {0: 0.5, 29: 0.5, 30: 0.1, 59: 0.1, 60: 0.02},
        lambda: KERAS_SCHEDULES.ExponentialDecay(0.5, 30, 0.2, staircase=True),
        lambda t: TF1.exponential_decay(0.5, t, 30, 0.2, staircase=True),
    ),
    "PowerDecay": ScheduleCase(
        lambda: schedules.PowerDecay(0.6, 30),
        lambda t: 0.6 / (1 + t / 30),
        {0: 0.6, 30: 0.3, 60: 0.2, 90: 0.15},
        lambda: KERAS_SCHEDULES.InverseTimeDecay(0.6, 30, 1.0),
        lambda t: TF1.inverse_time_decay(0.6, t, 30, 1.0),
    ),
    "PowerDecay, of TensorFlow 1 with a rate": ScheduleCase(
        lambda: schedules.PowerDecay(0.6, 30 / 4),
        lambda t: 0.6 / (1 + 4 * t / 30),
        {0: 0.6, 15: 0.2},
        lambda: KERAS_SCHEDULES.InverseTimeDecay(0.6, 30, 4.0),
        lambda t: TF1.inverse_time_decay(0.6, t, 30, 4.0),
    ),
    "PowerDecay, of the power 2": ScheduleCase(
        lambda: schedules.PowerDecay(0.9, 30, power=2.0),
        lambda t: 0.9 / (1 + t / 30) ** 2,
        {0: 0.9, 30: 0.225, 60: 0.1},
    ),
    "OneCycle": ScheduleCase(
        lambda: schedules.OneCycle(2.0, 100),
        lambda t: np.interp(t, [0, 45, 90, 100], [0.2, 2, 0.2, 0.0002]),
        {0: 0.2, 9: 0.56, 45: 2, 81: 0.56, 90: 0.2, 95: 0.1001, 100: 0.0002, 101: 0.0002},
        lambda: three_lines,
    ),
    "OneCycle, shaped otherwise": ScheduleCase(
        lambda: schedules.OneCycle(1.0, 120, 4.0, final_divisor=5.0, final_share=0.25),
        lambda t: np.interp(t, [0, 45, 90, 120], [0.25, 1, 0.25, 0.05]),
        {0: 0.25, 15: 0.5, 45: 1, 90: 0.25, 105: 0.15, 120: 0.05, 500: 0.05},
    ),
    "CosineDecay": ScheduleCase(
        lambda: schedules.CosineDecay(0.5, 120),
        lambda t: 0.5 * np.cos(np.pi / 2 * np.minimum(t / 120, 1)) ** 2,
        {0: 0.5, 40: 0.375, 60: 0.25, 80: 0.125, 120: 0, 121: 0},
        lambda: KERAS_SCHEDULES.CosineDecay(0.5, 120),
        lambda t: TF1.cosine_decay(0.5, t, 120),
    ),
    "CosineDecay, to a tenth": ScheduleCase(
        lambda: schedules.CosineDecay(1.0, 90, alpha=0.1),
        lambda t: 0.1 + 0.9 * np.cos(np.pi / 2 * np.minimum(t / 90, 1)) ** 2,
        {0: 1, 30: 0.775, 45: 0.55, 90: 0.1, 91: 0.1},
        lambda: KERAS_SCHEDULES.CosineDecay(1.0, 90, alpha=0.1),
        lambda t: TF1.cosine_decay(1.0, t, 90, alpha=0.1),
    ),
    "CosineDecay, after a warm-up": ScheduleCase(
        lambda: schedules.CosineDecay(0.2, 90, 0.1, warmup_target=1.0, warmup_steps=30),
        lambda t: np.where(
            t < 30,
            0.2 + 0.8 * t / 30,
            0.1 + 0.9 * np.cos(np.pi / 2 * np.clip((t - 30) / 90, 0, 1)) ** 2,
        ),
        {0: 0.2, 15: 0.6, 30: 1, 60: 0.775, 75: 0.55, 120: 0.1, 121: 0.1},
        lambda: KERAS_SCHEDULES.CosineDecay(0.2, 90, 0.1, warmup_target=1.0, warmup_steps=30),
    ),
}
