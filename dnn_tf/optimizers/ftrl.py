"""FTRL: follow the regularised leader, for sparse models."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_above_0, check_between, is_real
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.types import InputError, Tensor


def ftrl_update(
    w: Tensor,
    g: Tensor,
    n: Tensor,
    z: Tensor,
    learning_rate: Tensor,
    l1: float,
    l2: float,
    l2_shrinkage: float = 0.0,
    power: float = -0.5,
) -> tuple[Tensor, Tensor, Tensor]:
    """Algorithm 1 of McMahan et al. (2013), for one weight. Returns `(w, n, z)`.

    `n` is the sum of the squares of the gradients; `z` the sum of the gradients, less what the
    growth of the denominator takes off. The weight is 0 while `|z| <= l1`.
    """
    n_after = n + g * g
    z = z + g + 2 * l2_shrinkage * w - (n_after**-power - n**-power) / learning_rate * w
    w = (ops.clip(z, -l1, l1) - z) / (n_after**-power / learning_rate + 2 * l2)
    return w, n_after, z


@keras.saving.register_keras_serializable(package="dnn_tf")
class FTRL(FormulaOptimizer):
    """FTRL-Proximal (McMahan et al., 2013): weights that stay exactly 0 until they are needed.

    Without penalties it takes AdaGrad's steps. The weight is computed anew from `z` in every step,
    and `z` starts at 0: so in TF1 and Keras a weight that starts at 1 is .46 after one step at
    0.01, and the random start of a network is largely lost. The weight is proportional to the
    learning rate, too: a schedule by which the rate falls shrinks all weights with it, here as in
    TF1 and Keras, down to a network that guesses.

    Args:
        learning_rate: see `GradientDescent`, but above 0. Default 0.001.
        learning_rate_power: how the rate falls with `n`, 0 or less. Default -0.5, the paper's.
        initial_accumulator_value: what `n` starts with, above 0. Default 0.1.
        l1_regularization_strength: 0 or more. Default 0.
        l2_regularization_strength: 0 or more; as in TF1 and Keras, `l2 * w^2` without a half.
            Default 0.
        l2_shrinkage_regularization_strength: 0 or more; an L2 penalty whose gradient,
            `2 * strength * w`, counts in `z` and not in `n`. Default 0.
        beta: the paper's, 0 or more: `beta / (2 * learning_rate)` is added to the L2 strength.
            Default 0.
        keep_start: `True` starts `z` where it gives the weights that are there, so that nothing of
            them is lost; an L1 penalty then makes fewer of them 0. Default `False`, as in TF1 and
            Keras.
        **kwargs: see `FormulaOptimizer`.

    Raises:
        InputError: a number outside its range; `weight_decay`, which would be lost with the weight.

    >>> w = keras.Variable([1.0, 1.0])
    >>> optimizer = FTRL(learning_rate=0.01, l1_regularization_strength=2.0)
    >>> optimizer.apply([ops.convert_to_tensor([0.1, 9.0])], [w])
    >>> print(w.numpy().round(3))  # z is -1.44 and -859.9
    [0.    0.953]
    """

    options = (
        "learning_rate_power",
        "initial_accumulator_value",
        "l1_regularization_strength",
        "l2_regularization_strength",
        "l2_shrinkage_regularization_strength",
        "beta",
        "keep_start",
    )

    def __init__(
        self,
        learning_rate: Any = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        keep_start: bool = False,
        name: str = "ftrl",
        **kwargs: Any,
    ):
        super().__init__(learning_rate, name, **kwargs)
        if is_real(learning_rate):
            check_above_0(learning_rate=learning_rate)
        if self.weight_decay is not None:
            raise InputError(
                "FTRL computes the weights anew in every step, and weight_decay would be lost: "
                "take l2_regularization_strength"
            )
        check_above_0(initial_accumulator_value=initial_accumulator_value)
        check_between(
            0,
            float("inf"),
            l1_regularization_strength=l1_regularization_strength,
            l2_regularization_strength=l2_regularization_strength,
            l2_shrinkage_regularization_strength=l2_shrinkage_regularization_strength,
            beta=beta,
        )
        if not learning_rate_power <= 0:
            raise InputError(f"learning_rate_power is 0 or less, and got {learning_rate_power!r}")
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta
        self.keep_start = keep_start

    def memory(self) -> dict[str, float]:
        return {"accumulator": self.initial_accumulator_value, "linear": 0.0}

    def rule(
        self, w: Tensor, g: Tensor, eta: Tensor, t: Tensor, n: Tensor, z: Tensor
    ) -> list[Tensor]:
        w, n = ops.convert_to_tensor(w), ops.convert_to_tensor(n)  # a variable has no **
        l1, power = self.l1_regularization_strength, self.learning_rate_power
        l2 = self.l2_regularization_strength + self.beta / (2 * eta)
        if self.keep_start:
            start = -w * (n**-power / eta + 2 * l2) - l1 * ops.sign(w)
            z = ops.where(t == 1, start, z)
        shrinkage = self.l2_shrinkage_regularization_strength
        return list(ftrl_update(w, g, n, z, eta, l1, l2, shrinkage, power))
