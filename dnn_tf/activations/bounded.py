"""Activations that stay between two limits, and their derivatives.

Far from zero their derivative is almost nothing: they saturate, and the gradient vanishes.
"""

import keras
from keras import ops

from dnn_tf.alignment import floating
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
def step(z: Tensor) -> Tensor:
    """1 where `z >= 0`, else 0: the neuron of McCulloch and Pitts (1943).

    Its derivative is 0, so gradient descent teaches it nothing; the perceptron's rule does
    (`losses.perceptron`).

    >>> step(ops.array([-2.0, 0.0, 3.0])).numpy().tolist()
    [0.0, 1.0, 1.0]
    """
    z = floating(z)
    return ops.cast(z >= 0, z.dtype)


def step_derivative(z: Tensor) -> Tensor:
    """0 (at 0 it does not exist).

    >>> step_derivative(ops.array([-2.0, 3.0])).numpy().tolist()
    [0.0, 0.0]
    """
    return ops.zeros_like(z)


@keras.saving.register_keras_serializable(package="dnn_tf")
def sigmoid(z: Tensor) -> Tensor:
    """`1 / (1 + e^-z)`, between 0 and 1.

    For `z < 0` it is taken as `e^z / (1 + e^z)`, the same number: so no exponential overflows.
    Its mean is near 0.5, not near 0 (the first document says "not 1"), which shifts the next layer.

    >>> sigmoid(ops.array([-1000.0, 0.0, 1000.0])).numpy().tolist()
    [0.0, 0.5, 1.0]
    """
    z = floating(z)
    right = z >= 0
    e = ops.exp(ops.where(right, -z, z))  # e^-|z|, at most 1
    return ops.where(right, ops.ones_like(e), e) / (1 + e)


def sigmoid_derivative(z: Tensor) -> Tensor:
    """`s (1 - s)`, at most 1/4, at 0. (The fifth document gives 1/4 as the sigmoid's own maximum.)

    >>> float(sigmoid_derivative(0.0))
    0.25
    """
    s = sigmoid(z)
    return s * (1 - s)


@keras.saving.register_keras_serializable(package="dnn_tf")
def tanh(z: Tensor) -> Tensor:
    """`(e^z - e^-z) / (e^z + e^-z) = 2 sigmoid(2z) - 1`, between -1 and 1, around 0.

    The quotient as it stands overflows, so this is the library's own. Tanh saturates; the first
    document calls that "dying", which is what a ReLU does: a saturated unit still learns, slowly.

    >>> tanh(ops.array([-1000.0, 0.0, 1000.0])).numpy().tolist()
    [-1.0, 0.0, 1.0]
    """
    return ops.tanh(z)


def tanh_derivative(z: Tensor) -> Tensor:
    """`1 - tanh(z)^2`, at most 1, at 0.

    >>> tanh_derivative(ops.array([-1000.0, 0.0])).numpy().tolist()
    [0.0, 1.0]
    """
    return 1 - ops.square(tanh(z))


@keras.saving.register_keras_serializable(package="dnn_tf")
def softmax(z: Tensor) -> Tensor:
    """`p_j = e^z_j / sum_k e^z_k` along the last axis: numbers above 0 that sum to 1.

    The largest `z` is taken off first, which changes no `p` and lets no exponential overflow.
    For training take a loss from the logits instead, such as `losses.softmax_cross_entropy`.

    >>> softmax(ops.array([[1000.0, 1000.0]])).numpy().tolist()
    [[0.5, 0.5]]
    """
    z = floating(z)
    least = float("-inf")  # so that a batch without rows has a largest one too
    e = ops.exp(z - ops.stop_gradient(ops.max(z, axis=-1, keepdims=True, initial=least)))
    return e / ops.sum(e, axis=-1, keepdims=True)


def softmax_jacobian(z: Tensor) -> Tensor:
    """`dp_i / dz_j = p_i (1[i = j] - p_j)`: every output depends on every input.

    Shapes:
        `(..., n)` -> `(..., n, n)`.

    >>> softmax_jacobian(ops.array([0.0, 0.0])).numpy().tolist()
    [[0.25, -0.25], [-0.25, 0.25]]
    """
    p = softmax(z)
    diagonal = p[..., :, None] * ops.eye(p.shape[-1], dtype=p.dtype)
    return diagonal - p[..., :, None] * p[..., None, :]
