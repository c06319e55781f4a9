"""RMSProp: AdaGrad that forgets."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_above_0, check_between, check_choice
from dnn_tf.optimizers.epsilon import root
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.types import Tensor


def rmsprop_update(
    g: Tensor,
    s: Tensor,
    learning_rate: Tensor,
    rho: float,
    epsilon: float,
    epsilon_inside: bool = True,
) -> tuple[Tensor, Tensor]:
    """`s <- rho s + (1 - rho) g^2`, the step `learning_rate g / sqrt(s)`. Returns `(step, s)`."""
    s = rho * s + (1 - rho) * g * g
    return learning_rate * g / root(s, epsilon, epsilon_inside), s


@keras.saving.register_keras_serializable(package="dnn_tf")
class RMSProp(FormulaOptimizer):
    """`s <- rho * s + (1 - rho) * g^2; w <- w - learning_rate * g / sqrt(s + epsilon)`.

    Tieleman & Hinton (2012), lecture 6e. With momentum, what is taken off is
    `m <- momentum * m + learning_rate * g / sqrt(s + epsilon)`, as in TF1 and Keras.

    Args:
        learning_rate: see `GradientDescent`. Default 0.001. (One document writes it `mu`, and its
            formula has none.)
        rho: how much of `s` is kept, from 0 up to and without 1. Default 0.9. TF1's `decay`.
        momentum: see `Momentum`. Default 0, as in TF1 and Keras; the document's code has 0.9.
        epsilon: keeps the root from 0, above 0. Default 1e-7, as in Keras; TF1 1e-10.
        epsilon_inside: whether it stands in the root, as in TF1 and Keras, or is added to it, as in
            one of the documents and in PyTorch.
        start: of `s`: `"zeros"`, as in Keras and PyTorch: the first steps are up to
            `1 / sqrt(1 - rho)` times as long as the later ones. `"ones"`, as in TF1: the
            first steps are those of gradient descent with `learning_rate`. `"first_gradient"`, as
            in one of the documents: `s = g^2` in the first step, whose length is the learning rate.
            (The document prints `s_0 = g_0` for the root; a root is `|g_0|`.)
        **kwargs: see `FormulaOptimizer`.

    Raises:
        InputError: a number outside its range, an unknown start.

    >>> w = keras.Variable([0.0])
    >>> optimizer = RMSProp(learning_rate=0.1, start="first_gradient")
    >>> optimizer.apply([ops.convert_to_tensor([-4.0])], [w])
    >>> print(w.numpy().round(4))
    [0.1]
    """

    options = ("rho", "momentum", "epsilon", "epsilon_inside", "start")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        epsilon_inside: bool = True,
        start: str = "zeros",
        name: str = "rmsprop",
        **kwargs: Any,
    ):
        super().__init__(learning_rate, name, **kwargs)
        check_between(0, 1, rho=rho, momentum=momentum)
        check_above_0(epsilon=epsilon)
        check_choice(("zeros", "ones", "first_gradient"), start=start)
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.epsilon_inside = epsilon_inside
        self.start = start

    def memory(self) -> dict[str, float]:
        squares = {"mean_square": 1.0 if self.start == "ones" else 0.0}
        return squares | {"momentum": 0.0} if self.momentum else squares

    def rule(
        self, w: Tensor, g: Tensor, eta: Tensor, t: Tensor, s: Tensor, *momentum: Tensor
    ) -> list[Tensor]:
        if self.start == "first_gradient":
            s = ops.where(t == 1, g * g, s)
        step, s = rmsprop_update(g, s, eta, self.rho, self.epsilon, self.epsilon_inside)
        if not momentum:
            return [w - step, s]
        m = self.momentum * momentum[0] + step
        return [w - m, s, m]
