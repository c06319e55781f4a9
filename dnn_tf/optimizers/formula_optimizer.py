"""What all optimisers here share: a formula for one weight, and what is remembered of it."""

from typing import Any, ClassVar

import keras
from keras import ops

from dnn_tf.arguments import check_between, is_real
from dnn_tf.types import InputError, Tensor


class FormulaOptimizer(keras.optimizers.Optimizer):
    """Abstract: a weight and its gradient in, the next weight out.

    A subclass says in `memory` what it keeps of every weight, and in `rule` what a step is; this
    class keeps it, in variables that travel with a model into its file. It is a Keras optimiser, so
    every one also takes Keras' words, among them:

    - `weight_decay`, decoupled (Loshchilov & Hutter, 2017): `w <- w - eta * weight_decay * w`
      beside the step, biases too. It is not the L2 penalty, whose gradient goes through the
      formula: see `regularizers.L2`. For plain gradient descent the two agree.
    - `use_ema`, `ema_momentum`: an exponential average of the weights, put in their place when
      training ends; `dnn_tf.fit` measures with it on the way.
    - `loss_scale_factor`, for float16.

    Keras' `clipnorm`, `clipvalue`, `global_clipnorm` and `gradient_accumulation_steps` work too,
    but clip what each replica has, and accumulate after `fit` has clipped: take the words of `fit`.
    """

    options: ClassVar[tuple[str, ...]] = ()
    """The names of the constructor's own arguments."""

    def __init__(self, learning_rate: Any, name: str, **kwargs: Any):
        if is_real(learning_rate):
            check_between(0, float("inf"), learning_rate=learning_rate)
            learning_rate = float(learning_rate)
        elif not callable(learning_rate):
            raise InputError(
                "learning_rate is a number, a schedule such as schedules.ExponentialDecay(0.1), or "
                f"a function without arguments, and got {learning_rate!r}"
            )
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)

    def memory(self) -> dict[str, float]:
        """What is remembered of every weight, and what it starts with."""
        return {}

    def rule(self, w: Tensor, g: Tensor, eta: Tensor, t: Tensor, *memory: Tensor) -> list[Tensor]:
        """The next weight, and what is remembered then.

        Args:
            w: the weight.
            g: its gradient.
            eta: the learning rate.
            t: the number of this step, from 1.
            *memory: in the order of `memory`.
        """
        raise NotImplementedError

    def build(self, variables: list[keras.Variable]) -> None:
        if self.built:
            return
        super().build(variables)
        self._memory = [
            [self._slot(variable, name, start) for variable in variables]
            for name, start in self.memory().items()
        ]

    def _slot(self, variable: keras.Variable, name: str, start: float) -> keras.Variable:
        """As Keras makes it; for a weight in half precision in single, as its formula is.

        In bfloat16 .999 is 1, and a mean of which .001 is new would never change.
        """
        begin = keras.initializers.Constant(start)
        if _wide(variable) == variable.dtype:
            return self.add_variable_from_reference(variable, name, begin)
        path = variable.path.replace("/", "_")
        return self.add_variable(variable.shape, begin, _wide(variable), name=f"{path}_{name}")

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        index = self._get_variable_index(variable)
        remembered = [slots[index] for slots in self._memory]
        gradient = ops.reshape(gradient, variable.shape)  # an embedding's holds some rows only
        numbers = (variable, gradient, learning_rate, self.iterations + 1)
        w, g, eta, t = (ops.cast(number, _wide(variable)) for number in numbers)
        after = self.rule(w, g, eta, t, *remembered)
        for kept, value in zip([variable, *remembered], after, strict=True):
            self.assign(kept, value)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **{name: getattr(self, name) for name in self.options}}


def _wide(variable: Any) -> str:
    """The precision of a formula: single, or double for weights in double precision."""
    return keras.backend.result_type(keras.backend.standardize_dtype(variable.dtype), "float32")
