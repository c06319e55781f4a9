"""AdaGrad: a learning rate for every weight, falling with what it has seen."""

from typing import Any

import keras

from dnn_tf.arguments import check_between
from dnn_tf.optimizers.epsilon import root
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.types import InputError, Tensor


def adagrad_update(
    g: Tensor, s: Tensor, learning_rate: Tensor, epsilon: float, epsilon_inside: bool = True
) -> tuple[Tensor, Tensor]:
    """`s <- s + g^2`; the step is `learning_rate g / sqrt(s)`. Returns `(step, s)`."""
    s = s + g * g
    return learning_rate * g / root(s, epsilon, epsilon_inside), s


@keras.saving.register_keras_serializable(package="dnn_tf")
class AdaGrad(FormulaOptimizer):
    """`s <- s + g^2; w <- w - learning_rate * g / sqrt(s + epsilon)` (Duchi et al., 2011).

    Rare features keep large steps. On a long way every step shrinks like `1 / sqrt(t)`, so training
    can stop short.

    Args:
        learning_rate: see `GradientDescent`. Default 0.001, as in Keras.
        initial_accumulator_value: what `s` starts with, 0 or more. Default 0.1, as in TF1 and
            Keras; the documents start from 0.
        epsilon: keeps the root from 0. Default 1e-7, as in Keras. TF1 and one of the documents have
            none, `epsilon=0`; then `s` must start above 0, or a weight without a gradient would
            become 0 / 0.
        epsilon_inside: whether it stands in the root, as in Keras, or is added to it, as in one
            of the documents.
        **kwargs: see `FormulaOptimizer`.

    Raises:
        InputError: a negative number; both `epsilon` and the start 0.

    >>> w = keras.Variable([0.0, 0.0])
    >>> optimizer = AdaGrad(learning_rate=0.1, initial_accumulator_value=0)
    >>> optimizer.apply([keras.ops.convert_to_tensor([5.0, 0.01])], [w])
    >>> print(w.numpy().round(3))  # the first step is the learning rate, whatever the gradient
    [-0.1 -0.1]
    """

    options = ("initial_accumulator_value", "epsilon", "epsilon_inside")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        epsilon_inside: bool = True,
        name: str = "adagrad",
        **kwargs: Any,
    ):
        super().__init__(learning_rate, name, **kwargs)
        check_between(
            0, float("inf"), initial_accumulator_value=initial_accumulator_value, epsilon=epsilon
        )
        if not (initial_accumulator_value or epsilon):
            raise InputError(
                "initial_accumulator_value and epsilon are both 0, and a weight without a gradient "
                "would become 0 / 0: take a small epsilon, such as 1e-30"
            )
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon
        self.epsilon_inside = epsilon_inside

    def memory(self) -> dict[str, float]:
        return {"accumulator": self.initial_accumulator_value}

    def rule(self, w: Tensor, g: Tensor, eta: Tensor, t: Tensor, s: Tensor) -> list[Tensor]:
        step, s = adagrad_update(g, s, eta, self.epsilon, self.epsilon_inside)
        return [w - step, s]
