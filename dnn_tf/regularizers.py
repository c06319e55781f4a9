"""Penalties on the size of weights, added to the loss: ordinary Keras regularisers."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_between
from dnn_tf.types import InputError, Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class L1(keras.regularizers.Regularizer):
    """`strength * sum |w|`: weights that help little are drawn to 0.

    Its gradient is as large for small weights as for large ones, so under gradient descent they
    end within `learning_rate * strength` of 0, not at it.

    Args:
        strength: 0 or more. Default 0.01, as in Keras.

    >>> float(L1(0.1)(ops.array([3.0, -4.0]))).__round__(4)
    0.7
    """

    def __init__(self, strength: float = 0.01):
        check_between(0, float("inf"), strength=strength)
        self.strength = strength

    def __call__(self, x: Tensor) -> Tensor:
        return self.strength * ops.sum(ops.abs(x))

    def get_config(self) -> dict[str, float]:
        return {"strength": self.strength}


@keras.saving.register_keras_serializable(package="dnn_tf")
class L2(keras.regularizers.Regularizer):
    """`strength / 2 * sum w^2`: its gradient is `strength * w`, so every step shrinks the weights.

    With the half, as the documents write it; `keras.regularizers.L2` has none, so its factor is
    half of this one. With plain gradient descent this is `w <- w - eta (dL/dw + strength w)`,
    weight decay; with any other optimiser it is not, nor is it what its `weight_decay=` does.

    Args:
        strength: 0 or more. Default 0.01.

    >>> float(L2(0.1)(ops.array([3.0, -4.0]))).__round__(4)
    1.25
    """

    def __init__(self, strength: float = 0.01):
        check_between(0, float("inf"), strength=strength)
        self.strength = strength

    def __call__(self, x: Tensor) -> Tensor:
        return 0.5 * self.strength * ops.sum(ops.square(x))

    def get_config(self) -> dict[str, float]:
        return {"strength": self.strength}


def penalty(l1: float = 0.0, l2: float = 0.0) -> keras.regularizers.Regularizer | None:
    """`L1(l1)`, `L2(l2)`, the sum of both, or `None` where both are 0.

    >>> float(penalty(0.5, 0.1)(ops.array([3.0, -4.0]))).__round__(4)  # 3.5 + 1.25
    4.75
    """
    if l1 and l2:
        return keras.regularizers.L1L2(l1=l1, l2=l2 / 2)  # ours has the half
    if l1:
        return L1(l1)
    return L2(l2) if l2 else None


_NAMED = {"L1": L1, "l1": L1, "L2": L2, "l2": L2}


def get(identifier: Any) -> keras.regularizers.Regularizer | None:
    """The penalty of that name, ours before Keras'; an instance, or `None`, as it is.

    Raises:
        InputError: nobody knows it.

    >>> get("L2").strength
    0.01
    """
    if isinstance(identifier, str) and identifier in _NAMED:
        return _NAMED[identifier]()
    try:
        return keras.regularizers.get(identifier)
    except ValueError as error:
        raise InputError(
            f"unknown penalty {identifier!r}: take one such as regularizers.L2(1e-4)"
        ) from error
