"""The tables that the conformance tests walk. A new layer or optimiser is a new row."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from dnn_tf import layers, losses, metrics, optimizers


@dataclass(frozen=True)
class LayerCase:
    """A layer, an input for it, and the same in NumPy: `(x, *weights) -> y`."""

    make: Callable[[], keras.Layer]
    input_shape: tuple[int, ...]
    formula: Callable[..., np.ndarray]


@dataclass(frozen=True)
class OptimizerCase:
    """An optimiser, and peers that must take the same steps."""

    make: Callable[[], keras.optimizers.Optimizer]
    keras_peer: Callable[[], keras.optimizers.Optimizer]
    tf1_peer: Callable[[], tf.compat.v1.train.Optimizer]


@dataclass(frozen=True)
class MeasureCase:
    """A loss or metric `(labels, logits) -> (batch,)`, and TensorFlow's own."""

    function: Callable
    peer: Callable


LAYERS = {
    "NeuronLayer": LayerCase(
        lambda: layers.NeuronLayer(3, activation="relu", bias_initializer="ones"),
        (4,),
        lambda x, W, b: np.maximum(x @ W + b, 0),
    ),
    "NeuronLayer, linear": LayerCase(
        lambda: layers.NeuronLayer(2, kernel_initializer="he_normal"),
        (5, 4),
        lambda x, W, b: x @ W + b,
    ),
}

OPTIMIZERS = {
    "GradientDescent": OptimizerCase(
        lambda: optimizers.GradientDescent(0.1),
        lambda: keras.optimizers.SGD(0.1),
        lambda: tf.compat.v1.train.GradientDescentOptimizer(0.1),
    ),
}

LOSSES = {
    "sparse_softmax_cross_entropy": MeasureCase(
        losses.sparse_softmax_cross_entropy,
        lambda y, z: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=z),
    ),
}

METRICS = {
    "accuracy": MeasureCase(
        metrics.accuracy, lambda y, z: keras.metrics.sparse_categorical_accuracy(y, z)
    ),
    "in_top_k": MeasureCase(
        metrics.in_top_k, lambda y, z: tf.math.in_top_k(targets=y, predictions=z, k=1)
    ),
}
