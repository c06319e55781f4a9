"""Adam: momentum and RMSProp, both cleared of the bias of their start."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_above_0, check_between, check_choice
from dnn_tf.optimizers.epsilon import root
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.types import Tensor


def adam_update(
    g: Tensor,
    m: Tensor,
    v: Tensor,
    t: Tensor,
    learning_rate: Tensor,
    beta_1: float,
    beta_2: float,
    epsilon: float,
    epsilon_placement: str = "outside",
    bias_correction: bool = True,
) -> tuple[Tensor, Tensor, Tensor]:
    """Algorithm 1 of Kingma & Ba (2014), for one weight. Returns `(step, m, v)`."""
    m = beta_1 * m + (1 - beta_1) * g  # mean of the gradients
    v = beta_2 * v + (1 - beta_2) * g * g  # mean of their squares
    # both started at zero: undo the bias, in copies, since m and v go on as they are
    unbias_1 = 1 - beta_1**t if bias_correction else 1.0
    unbias_2 = 1 - beta_2**t if bias_correction else 1.0
    if epsilon_placement == "hat":  # section 2 of the paper: the same but for epsilon, less work
        alpha = learning_rate * unbias_2**0.5 / unbias_1
        return alpha * m / (ops.sqrt(v) + epsilon), m, v
    m_hat = m / unbias_1
    v_hat = v / unbias_2
    return learning_rate * m_hat / root(v_hat, epsilon, epsilon_placement == "inside"), m, v


@keras.saving.register_keras_serializable(package="dnn_tf")
class Adam(FormulaOptimizer):
    """`w <- w - learning_rate * m_hat / (sqrt(v_hat) + epsilon)` (Kingma & Ba, 2014).

    `m` and `v` are exponential means of the gradients and of their squares,
    `m_hat = m / (1 - beta_1^t)`, `v_hat = v / (1 - beta_2^t)`; `t` counts from 1. (One of the
    documents says that Adam uses no squares; it uses both.)

    Args:
        learning_rate: see `GradientDescent`. Default 0.001.
        beta_1: how much of `m` is kept, from 0 up to and without 1. Default 0.9.
        beta_2: how much of `v` is kept. Default 0.999. (One document suggests 0.9999.)
        epsilon: keeps the root from 0, above 0. Default 1e-7, as in Keras; TF1, PyTorch and the
            paper 1e-8.
        epsilon_placement: `"hat"`, as in TF1 and Keras: added to `sqrt(v)` before the bias is
            undone, so that it weighs `1 / sqrt(1 - beta_2^t)` times as much. `"outside"`, as in the
            paper's algorithm and PyTorch: added to `sqrt(v_hat)`. `"inside"`: in the root.
        bias_correction: whether to undo the bias. Default `True`; one of the documents leaves it
            out: the first step is then `(1 - beta_1) / sqrt(1 - beta_2)` times as long, 3.2 by
            default.
        **kwargs: see `FormulaOptimizer`.

    Raises:
        InputError: a number outside its range, an unknown placement.

    >>> w = keras.Variable([0.0, 0.0])
    >>> optimizer = Adam(learning_rate=0.1)
    >>> optimizer.apply([ops.convert_to_tensor([5.0, -0.01])], [w])
    >>> print(w.numpy().round(3))  # the first step is the learning rate, against the sign
    [-0.1  0.1]
    """

    options = ("beta_1", "beta_2", "epsilon", "epsilon_placement", "bias_correction")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        epsilon_placement: str = "hat",
        bias_correction: bool = True,
        name: str = "adam",
        **kwargs: Any,
    ):
        super().__init__(learning_rate, name, **kwargs)
        check_between(0, 1, beta_1=beta_1, beta_2=beta_2)
        check_above_0(epsilon=epsilon)
        check_choice(("hat", "outside", "inside"), epsilon_placement=epsilon_placement)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.epsilon_placement = epsilon_placement
        self.bias_correction = bias_correction

    def memory(self) -> dict[str, float]:
        return {"mean": 0.0, "mean_square": 0.0}

    def rule(
        self, w: Tensor, g: Tensor, eta: Tensor, t: Tensor, m: Tensor, v: Tensor
    ) -> list[Tensor]:
        step, m, v = adam_update(
            g, m, v, t, eta, self.beta_1, self.beta_2, self.epsilon,
            self.epsilon_placement, self.bias_correction,
        )  # fmt: skip
        return [w - step, m, v]
