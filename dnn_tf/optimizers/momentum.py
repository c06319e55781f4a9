"""Momentum: steps that remember the steps before them."""

from typing import Any

import keras

from dnn_tf.arguments import check_between
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.types import Tensor


def momentum_update(
    g: Tensor, m: Tensor, learning_rate: Tensor, momentum: float, learning_rate_inside: bool = True
) -> tuple[Tensor, Tensor]:
    """Polyak (1964): `m <- momentum m + learning_rate g`. Returns `(step, m)`; the step is `m`.

    With the learning rate outside, `m <- momentum m + g`, and the step is `learning_rate m`.
    """
    if learning_rate_inside:
        m = momentum * m + learning_rate * g
        return m, m
    m = momentum * m + g
    return learning_rate * m, m


@keras.saving.register_keras_serializable(package="dnn_tf")
class Momentum(FormulaOptimizer):
    """`m <- momentum * m + learning_rate * g; w <- w - m`.

    At a constant gradient the steps grow to `1 / (1 - momentum)` times those of gradient descent.
    The documents credit momentum with helping unequal classes; what it helps with is a valley that
    is steep across and flat along.

    Args:
        learning_rate: see `GradientDescent`. Default 0.01.
        momentum: the share of the last step that is kept, from 0 up to and without 1. Default
            0.9, the documents'.
        learning_rate_inside: where the learning rate is. `True`: in `m`, as the documents and Keras
            have it: steps taken before the rate fell go on at their old size. `False`: `m` is a sum
            of gradients, `w <- w - learning_rate * m`, as TF1 and PyTorch have it. At a constant
            rate the two agree.
        **kwargs: see `FormulaOptimizer`.

    Raises:
        InputError: a momentum outside [0, 1).

    >>> w = keras.Variable([0.0])
    >>> optimizer = Momentum(learning_rate=0.1, momentum=0.5)
    >>> for _ in range(2):
    ...     optimizer.apply([keras.ops.convert_to_tensor([1.0])], [w])
    >>> print(w.numpy().round(4))  # -0.1, then -0.15 more
    [-0.25]
    """

    options = ("momentum", "learning_rate_inside")

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.9,
        learning_rate_inside: bool = True,
        name: str = "momentum",
        **kwargs: Any,
    ):
        super().__init__(learning_rate, name, **kwargs)
        check_between(0, 1, momentum=momentum)
        self.momentum = momentum
        self.learning_rate_inside = learning_rate_inside

    def memory(self) -> dict[str, float]:
        return {"momentum": 0.0}

    def rule(self, w: Tensor, g: Tensor, eta: Tensor, t: Tensor, m: Tensor) -> list[Tensor]:
        step, m = momentum_update(g, m, eta, self.momentum, self.learning_rate_inside)
        return [w - step, m]
