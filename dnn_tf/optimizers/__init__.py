"""Optimisers: one class, one file. Each is a Keras optimiser; `get` finds it by name."""

from dnn_tf.optimizers.adadelta import AdaDelta
from dnn_tf.optimizers.adagrad import AdaGrad
from dnn_tf.optimizers.adam import Adam
from dnn_tf.optimizers.ftrl import FTRL
from dnn_tf.optimizers.gradient_descent import GradientDescent
from dnn_tf.optimizers.layerwise_rates import LayerwiseRates
from dnn_tf.optimizers.lookup import get
from dnn_tf.optimizers.momentum import Momentum
from dnn_tf.optimizers.nesterov import Nesterov
from dnn_tf.optimizers.rmsprop import RMSProp

__all__ = [
    "FTRL",
    "AdaDelta",
    "AdaGrad",
    "Adam",
    "GradientDescent",
    "LayerwiseRates",
    "Momentum",
    "Nesterov",
    "RMSProp",
    "get",
]
