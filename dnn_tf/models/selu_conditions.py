"""What SELU needs around it to keep mean 0 and variance 1 (Klambauer et al., 2017)."""

import warnings
from numbers import Real
from typing import Any

import keras

from dnn_tf import activations, initializers
from dnn_tf.initializers.lookup import is_lecun
from dnn_tf.layers import Dropout


def is_selu(activation: Any) -> bool:
    """By name, as a function of ours or of Keras, or as a layer of that function.

    >>> is_selu("selu"), is_selu(keras.layers.Activation("selu")), is_selu("elu")
    (True, True, False)
    """
    if isinstance(activation, keras.layers.Activation):
        activation = activation.activation
    return activation in ("selu", activations.selu, keras.activations.selu)


def warn_beside_selu(kernel_initializer: Any, dropout: Any, batch_norm: Any) -> None:
    """A warning for each part of a network that breaks what SELU keeps.

    It points four calls up, at the caller of `models.dnn` and its like: these call
    `Recipe.checked`, and that calls this.
    """
    start = initializers.get(kernel_initializer)
    if not is_lecun(start):
        warnings.warn(
            "SELU keeps its mean and variance from LeCun's start alone, and got "
            f"{type(start).__name__}: take kernel_initializer='lecun_normal'",
            stacklevel=4,
        )
    plain = (Real, Dropout, keras.layers.Dropout, keras.layers.GaussianDropout)
    if isinstance(dropout, plain) and dropout != 0:
        warnings.warn(
            "plain dropout breaks the mean and variance that SELU keeps: take "
            "dropout=layers.AlphaDropout(rate)",
            stacklevel=4,
        )
    if batch_norm:
        warnings.warn(
            "SELU normalises by itself, and only in a plain stack: leave batch_norm out, or take "
            "another activation",
            stacklevel=4,
        )
