"""What training makes small, one value an example."""

from dnn_tf.losses.absolute_error import (
    absolute_error,
    huber,
    mean_absolute_error,
    quantile,
    smooth_l1,
)
from dnn_tf.losses.configured import Configured
from dnn_tf.losses.contrastive import contrastive
from dnn_tf.losses.cross_entropy import (
    sigmoid_cross_entropy,
    softmax_cross_entropy,
    sparse_softmax_cross_entropy,
)
from dnn_tf.losses.deep_supervision import deep_supervision
from dnn_tf.losses.perceptron import perceptron
from dnn_tf.losses.squared_error import half_squared_error, mean_squared_error, squared_error

__all__ = [
    "Configured",
    "absolute_error",
    "contrastive",
    "deep_supervision",
    "half_squared_error",
    "huber",
    "mean_absolute_error",
    "mean_squared_error",
    "perceptron",
    "quantile",
    "sigmoid_cross_entropy",
    "smooth_l1",
    "softmax_cross_entropy",
    "sparse_softmax_cross_entropy",
    "squared_error",
]
