"""Gradient descent, the document's `tf.train.GradientDescentOptimizer`."""

from typing import Any

import keras

from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.types import Tensor


def gradient_descent_step(g: Tensor, learning_rate: Tensor) -> Tensor:
    """What is taken off a weight: `w <- w - learning_rate * g`."""
    return learning_rate * g


@keras.saving.register_keras_serializable(package="dnn_tf")
class GradientDescent(FormulaOptimizer):
    """`w <- w - learning_rate * g`, nothing remembered between the steps.

    Args:
        learning_rate: a number, a `keras.optimizers.schedules.LearningRateSchedule`, or a
            function without arguments. Default 0.01, the document's.
        **kwargs: what every Keras optimiser takes; see `FormulaOptimizer`.

    >>> w = keras.Variable([1.0, 2.0])
    >>> GradientDescent(learning_rate=0.1).apply([keras.ops.convert_to_tensor([10.0, 0.0])], [w])
    >>> w.numpy().tolist()
    [0.0, 2.0]
    """

    def __init__(self, learning_rate: Any = 0.01, name: str = "gradient_descent", **kwargs: Any):
        super().__init__(learning_rate, name, **kwargs)

    def rule(self, w: Tensor, g: Tensor, eta: Tensor, t: Tensor) -> list[Tensor]:
        return [w - gradient_descent_step(g, eta)]
