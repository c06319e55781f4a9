"""Nesterov's accelerated gradient: momentum that looks ahead."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_between, check_choice
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.optimizers.momentum import momentum_update
from dnn_tf.types import InputError, Tensor


def nesterov_update(
    g: Tensor, m: Tensor, learning_rate: Tensor, momentum: float, learning_rate_inside: bool = True
) -> tuple[Tensor, Tensor]:
    """The linearised form (Sutskever et al., 2013): the gradient `g` is the one at the weight.

    `m` as in `momentum_update`; the step is what `m` would bring in the step after as well,
    `momentum m + learning_rate g`. Returns `(step, m)`.
    """
    _, m = momentum_update(g, m, learning_rate, momentum, learning_rate_inside)
    ahead = momentum * m if learning_rate_inside else learning_rate * momentum * m
    return ahead + learning_rate * g, m


@keras.saving.register_keras_serializable(package="dnn_tf")
class Nesterov(FormulaOptimizer):
    """Nesterov (1983): the gradient is taken where the momentum will have carried the weight.

    `m <- momentum * m + learning_rate * g(w - momentum * m); w <- w - m`. (The document prints
    `w + momentum m`, which would look back: its `m` is taken off.)

    Args:
        learning_rate: see `GradientDescent`. Default 0.01.
        momentum: see `Momentum`. Default 0.9.
        learning_rate_inside: see `Momentum`. Default `True`, as in Keras; `False` as in TF1.
        look_ahead: `"linearised"`, as in TF1, Keras and PyTorch: the gradient is taken at the
            weight, and the formula is written for the point ahead (see `nesterov_update`). That
            walks through the very points at which the exact form takes its gradients, so the two
            differ by `momentum * m` at the end and in nothing else. `"exact"` is the formula above
            to the letter; the step of training must go ahead before it takes the gradient, so only
            `dnn_tf.fit` can train with it.
        **kwargs: see `FormulaOptimizer`.

    Raises:
        InputError: a momentum outside [0, 1), an unknown look-ahead; with `look_ahead="exact"`, a
            step from a loop that does not look ahead.

    >>> w = keras.Variable([0.0])
    >>> optimizer = Nesterov(learning_rate=0.1, momentum=0.5)
    >>> optimizer.apply([ops.convert_to_tensor([1.0])], [w])
    >>> print(w.numpy().round(4))  # m = 0.1; 0.5 m + 0.1
    [-0.15]
    """

    options = ("momentum", "learning_rate_inside", "look_ahead")

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.9,
        learning_rate_inside: bool = True,
        look_ahead: str = "linearised",
        name: str = "nesterov",
        **kwargs: Any,
    ):
        super().__init__(learning_rate, name, **kwargs)
        check_between(0, 1, momentum=momentum)
        check_choice(("linearised", "exact"), look_ahead=look_ahead)
        self.momentum = momentum
        self.learning_rate_inside = learning_rate_inside
        self.look_ahead = look_ahead
        self._is_ahead = False
        if look_ahead == "exact" and self.weight_decay is not None:
            raise InputError(
                "weight_decay would decay the point ahead, not the weight: leave it out, or leave "
                "look_ahead at 'linearised'"
            )

    def memory(self) -> dict[str, float]:
        return {"momentum": 0.0}

    def points_ahead(self, weights: list[keras.Variable]) -> list[Tensor]:
        """Where to take the gradients of the next step: `w - momentum * m`.

        For a loop that trains with `look_ahead="exact"`: it assigns these to the weights, takes the
        gradients, and calls `apply_ahead`, which goes on from there.
        """
        return [w - self._left_over(self._memory[0][self._get_variable_index(w)]) for w in weights]

    def apply_ahead(self, grads: list[Tensor], trainable_variables: list[keras.Variable]) -> None:
        """The step, from weights that have been moved to `points_ahead`."""
        self._is_ahead = True
        try:
            self.apply(grads, trainable_variables)
        finally:
            self._is_ahead = False

    def apply(self, grads: list[Tensor], trainable_variables: Any = None) -> None:
        if self.look_ahead == "exact" and not self._is_ahead:
            raise InputError(
                "Nesterov(look_ahead='exact') takes the gradient at another point than the "
                "weights, and this loop does not go there: train with dnn_tf.fit (without a loss "
                "scale), or leave look_ahead at 'linearised'"
            )
        super().apply(grads, trainable_variables)

    def rule(self, w: Tensor, g: Tensor, eta: Tensor, t: Tensor, m: Tensor) -> list[Tensor]:
        if self.look_ahead == "exact":  # w is ahead already: what is left of w - m is eta g
            _, m = momentum_update(g, m, eta, self.momentum, self.learning_rate_inside)
            return [w - eta * g, m]
        step, m = nesterov_update(g, m, eta, self.momentum, self.learning_rate_inside)
        return [w - step, m]

    def _left_over(self, m: Tensor) -> Tensor:
        ahead = self.momentum * ops.convert_to_tensor(m)
        if self.learning_rate_inside:
            return ahead
        return ops.cast(self.learning_rate, ahead.dtype) * ahead
