"""AdaDelta: RMSProp whose steps have the unit of the weights."""

from typing import Any

import keras

from dnn_tf.arguments import check_above_0, check_between
from dnn_tf.optimizers.epsilon import root
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.types import Tensor


def adadelta_update(
    g: Tensor, s: Tensor, d: Tensor, rho: float, epsilon: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Algorithm 1 of Zeiler (2012), for one weight. Returns `(step, s, d)`.

    `s` is the mean of the squares of the gradients, `d` of the steps.
    """
    s = rho * s + (1 - rho) * g * g
    step = root(d, epsilon) / root(s, epsilon) * g
    d = rho * d + (1 - rho) * step * step
    return step, s, d


@keras.saving.register_keras_serializable(package="dnn_tf")
class AdaDelta(FormulaOptimizer):
    """`w <- w - learning_rate * g * sqrt(d + epsilon) / sqrt(s + epsilon)` (Zeiler, 2012).

    `s` and `d` are exponential means of the squares of the gradients and of the steps. The paper
    has no learning rate: `learning_rate=1`. It starts slowly, with steps of about
    `sqrt(epsilon / (1 - rho))`.

    Args:
        learning_rate: see `GradientDescent`. Default 0.001, as in TF1 and Keras; the paper 1.
        rho: how much of the means is kept, from 0 up to and without 1. Default 0.95.
        epsilon: above 0. Default 1e-7, as in Keras; TF1 1e-8, the paper 1e-6.
        **kwargs: see `FormulaOptimizer`.

    Raises:
        InputError: a number outside its range.

    >>> w = keras.Variable([0.0])
    >>> AdaDelta(learning_rate=1, epsilon=1e-6).apply([keras.ops.convert_to_tensor([-9.0])], [w])
    >>> print(w.numpy().round(5))  # 0.001 / sqrt(0.05), whatever the gradient
    [0.00447]
    """

    options = ("rho", "epsilon")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.95,
        epsilon: float = 1e-7,
        name: str = "adadelta",
        **kwargs: Any,
    ):
        super().__init__(learning_rate, name, **kwargs)
        check_between(0, 1, rho=rho)
        check_above_0(epsilon=epsilon)
        self.rho = rho
        self.epsilon = epsilon

    def memory(self) -> dict[str, float]:
        return {"mean_square": 0.0, "mean_square_step": 0.0}

    def rule(
        self, w: Tensor, g: Tensor, eta: Tensor, t: Tensor, s: Tensor, d: Tensor
    ) -> list[Tensor]:
        step, s, d = adadelta_update(g, s, d, self.rho, self.epsilon)
        return [w - eta * step, s, d]
