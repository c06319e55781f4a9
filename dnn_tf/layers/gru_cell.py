"""The gated recurrent unit: two gates, no memory apart."""

from typing import Any

import keras
from keras import ops

from dnn_tf.activations import sigmoid, tanh
from dnn_tf.layers.recurrent_cell import RecurrentCell
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class GRUCell(RecurrentCell):
    """Gated recurrent unit (Cho et al., 2014).

    - `z = sigmoid(x W_z + h U_z + b_z)`, the update gate: how much of the state is kept
    - `r = sigmoid(x W_r + h U_r + b_r)`, the reset gate: how much of it the candidate sees
    - `g = tanh(x W_g + r * (h U_g + c) + b_g)`, the candidate, with a second bias `c`
    - `h <- z * h + (1 - z) * g`

    That is `reset_after=True`, as in `keras.layers.GRU` and cuDNN: the reset gate is applied after
    the product. With `reset_after=False` it is the paper's `g = tanh(x W_g + (r * h) U_g + b_g)`.

    Args:
        units: how many numbers the state has.
        reset_after: see above. Default `True`.
        **kwargs: see `RecurrentCell`.

    Shapes:
        `(batch, n_inputs)`, state `(batch, units)` -> `(batch, units)`, the new state.

    >>> rnn = keras.layers.RNN(GRUCell(5))
    >>> tuple(rnn(ops.ones((2, 28, 28))).shape)
    (2, 5)
    """

    parts = 3

    def __init__(self, units: int, reset_after: bool = True, **kwargs: Any):
        super().__init__(units, **kwargs)
        self.reset_after = reset_after

    def bias_shape(self, width: int) -> tuple[int, ...]:
        """One bias for the input; with `reset_after` a second one for the state."""
        return (2, width) if self.reset_after else (width,)

    def call(self, x: Tensor, states: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        (h,) = states
        U, U_g = self.recurrent_kernel[:, : -self.units], self.recurrent_kernel[:, -self.units :]
        if self.reset_after:
            b, b_state = self.bias[0], self.bias[1]
        else:
            b, b_state = self.bias, ops.zeros_like(self.bias)
        x_z, x_r, x_g = ops.split(ops.matmul(x, self.kernel) + b, self.parts, axis=-1)
        h_z, h_r = ops.split(ops.matmul(h, U) + b_state[: -self.units], 2, axis=-1)
        z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
        if self.reset_after:
            g = tanh(x_g + r * (ops.matmul(h, U_g) + b_state[-self.units :]))
        else:
            g = tanh(x_g + ops.matmul(r * h, U_g))
        h = z * h + (1 - z) * g
        return h, [h]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "reset_after": self.reset_after}
