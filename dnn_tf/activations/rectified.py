"""Activations that are linear for positive `z`, and their derivatives."""

import keras
from keras import ops

from dnn_tf.alignment import floating
from dnn_tf.arguments import is_real
from dnn_tf.types import InputError, Tensor

SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717


@keras.saving.register_keras_serializable(package="dnn_tf")
def identity(z: Tensor) -> Tensor:
    """`z`: no activation. However many linear layers are stacked, they are one linear layer.

    >>> identity(ops.array([-2.0, 3.0])).numpy().tolist()
    [-2.0, 3.0]
    """
    return z


def identity_derivative(z: Tensor) -> Tensor:
    """1, everywhere.

    >>> identity_derivative(ops.array([-2.0, 3.0])).numpy().tolist()
    [1.0, 1.0]
    """
    return ops.ones_like(z)


@keras.saving.register_keras_serializable(package="dnn_tf")
def relu(z: Tensor) -> Tensor:
    """`max(0, z)` (Nair & Hinton, 2010).

    A unit whose `z` is below 0 for every sample gets no gradient any more: it is dead. NaN stays
    NaN, so that a broken network shows.

    >>> relu(ops.array([-2.0, 0.0, 3.0])).numpy().tolist()
    [0.0, 0.0, 3.0]
    """
    return ops.maximum(0.0, z)


def relu_derivative(z: Tensor) -> Tensor:
    """1 where `z > 0`, else 0; at 0, where there is none, 0 as in TensorFlow.

    The second document gives the sign of `z`, and the third calls it constant.

    >>> relu_derivative(ops.array([-2.0, 0.0, 3.0])).numpy().tolist()
    [0.0, 0.0, 1.0]
    """
    z = floating(z)
    return ops.cast(z > 0, z.dtype)


@keras.saving.register_keras_serializable(package="dnn_tf")
def leaky_relu(z: Tensor, slope: float = 0.01) -> Tensor:
    """`max(slope * z, z)` (Maas et al., 2013), with a `slope` of 0 to 1.

    The document's slope is 0.01; `keras.activations.leaky_relu` takes 0.2 and
    `keras.layers.LeakyReLU` 0.3. It is continuous, with a kink at 0; the document calls it
    discontinuous. As an activation with another slope, take `keras.layers.LeakyReLU(0.1)`.

    >>> print(leaky_relu(ops.array([-2.0, 0.0, 3.0])).numpy())
    [-0.02  0.    3.  ]
    """
    _check_slope(slope)
    return ops.maximum(slope * floating(z), z)


# Keras saves an activation by its bare name where it has one of that name: its own, with slope 0.2,
# would come back. Under a name that Keras does not know, this one does.
leaky_relu.__name__ = "document_leaky_relu"


def leaky_relu_derivative(z: Tensor, slope: float = 0.01) -> Tensor:
    """1 where `z > 0`, else `slope`.

    >>> leaky_relu_derivative(ops.array([-2.0, 3.0]), slope=0.25).numpy().tolist()
    [0.25, 1.0]
    """
    _check_slope(slope)
    z = floating(z)
    return ops.where(z > 0, ops.ones_like(z), slope * ops.ones_like(z))


@keras.saving.register_keras_serializable(package="dnn_tf")
def elu(z: Tensor, alpha: float = 1.0) -> Tensor:
    """`alpha (e^z - 1)` where `z < 0`, else `z` (Clevert et al., 2015).

    Its slope has no jump at 0 only for `alpha = 1`; the document calls it smooth for any.

    >>> elu(ops.array([-1000.0, 0.0, 3.0])).numpy().tolist()
    [-1.0, 0.0, 3.0]
    """
    z = floating(z)
    return ops.where(z >= 0, z, alpha * ops.expm1(ops.minimum(z, 0.0)))


def elu_derivative(z: Tensor, alpha: float = 1.0) -> Tensor:
    """1 where `z >= 0`, else `alpha e^z`.

    >>> print(elu_derivative(ops.array([-1.0, 3.0])).numpy().round(4))  # 1 / e
    [0.3679 1.    ]
    """
    z = floating(z)
    return ops.where(z >= 0, ops.ones_like(z), alpha * ops.exp(ops.minimum(z, 0.0)))


@keras.saving.register_keras_serializable(package="dnn_tf")
def selu(z: Tensor) -> Tensor:
    """`scale * elu(z, alpha)` (Klambauer et al., 2017).

    `scale = 1.0507009873554805` and `alpha = 1.6732632423543773` are chosen so that mean 0 and
    variance 1 are a fixed point from layer to layer. That needs what the document does not say:
    inputs with mean 0 and variance 1, weights from LeCun's normal, a plain stack of dense layers,
    and `layers.AlphaDropout` for dropout. `models.dnn` warns where they are not met; a layer by
    itself does not know its stack.

    The document prints `scale * elu(z, alpha)`. With `tf.nn.elu`, whose second argument is a name,
    that loses `alpha` without a word.

    >>> print(selu(ops.array([-1000.0, 0.0, 1.0])).numpy().round(4))
    [-1.7581  0.      1.0507]
    """
    return SELU_SCALE * elu(z, SELU_ALPHA)


def selu_derivative(z: Tensor) -> Tensor:
    """`scale` where `z >= 0`, else `scale * alpha * e^z`.

    >>> print(selu_derivative(ops.array([-1000.0, 0.0])).numpy().round(4))
    [0.     1.0507]
    """
    return SELU_SCALE * elu_derivative(z, SELU_ALPHA)


def _check_slope(slope: float) -> None:
    if not is_real(slope) or not 0 <= slope <= 1:
        raise InputError(
            f"a leaky ReLU has a slope from 0 to 1, and got {slope!r}: above 1 max(slope * z, z) "
            "would bend the other way"
        )
