"""Activations and their derivatives: functions from pre-activations `z`, of any shape."""

from dnn_tf.activations.bounded import (
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_jacobian,
    step,
    step_derivative,
    tanh,
    tanh_derivative,
)
from dnn_tf.activations.lookup import derivative, get, serialize
from dnn_tf.activations.rectified import (
    elu,
    elu_derivative,
    identity,
    identity_derivative,
    leaky_relu,
    leaky_relu_derivative,
    relu,
    relu_derivative,
    selu,
    selu_derivative,
)

__all__ = [
    "derivative",
    "elu",
    "elu_derivative",
    "get",
    "identity",
    "identity_derivative",
    "leaky_relu",
    "leaky_relu_derivative",
    "relu",
    "relu_derivative",
    "selu",
    "selu_derivative",
    "serialize",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_jacobian",
    "step",
    "step_derivative",
    "tanh",
    "tanh_derivative",
]
