"""The cell with a memory and three gates."""

from typing import Any

import keras
from keras import ops

from dnn_tf.activations import sigmoid, tanh
from dnn_tf.layers.recurrent_cell import RecurrentCell
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class LSTMCell(RecurrentCell):
    """Long short-term memory (Hochreiter & Schmidhuber, 1997), with Gers' forget gate (2000).

    - `i = sigmoid(x W_i + h U_i + b_i)`, the input gate: how much of the candidate is written
    - `f = sigmoid(x W_f + h U_f + b_f)`, the forget gate: how much of the memory is kept
    - `g = tanh(x W_g + h U_g + b_g)`, the candidate
    - `o = sigmoid(x W_o + h U_o + b_o)`, the output gate: how much of the memory is shown
    - `c <- f * c + i * g`, the memory; `h <- o * tanh(c)`, the state

    The memory is added to, not multiplied by a matrix: with `f` near 1 its gradient lasts.

    Args:
        units: how many numbers state and memory have.
        forget_bias: what the forget gate's bias starts at. Default 1: remember first.
        **kwargs: see `RecurrentCell`.

    Shapes:
        `(batch, n_inputs)`, states `(batch, units)` twice -> `(batch, units)`, the new states.

    >>> rnn = keras.layers.RNN(LSTMCell(5))
    >>> tuple(rnn(ops.ones((2, 28, 28))).shape)
    (2, 5)
    """

    parts = 4

    def __init__(self, units: int, forget_bias: float = 1.0, **kwargs: Any):
        super().__init__(units, **kwargs)
        self.forget_bias = forget_bias
        self.state_size = [units, units]

    def start_bias(self, shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
        """Zeros, but for the forget gate."""
        input_gate, others = ops.zeros(self.units, dtype), ops.zeros(2 * self.units, dtype)
        forget_gate = self.forget_bias * ops.ones(self.units, dtype)
        return ops.reshape(ops.concatenate([input_gate, forget_gate, others]), shape)

    def call(self, x: Tensor, states: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        h, c = states
        z = ops.matmul(x, self.kernel) + ops.matmul(h, self.recurrent_kernel) + self.bias
        i, f, g, o = ops.split(z, self.parts, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(c)
        return h, [h, c]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "forget_bias": self.forget_bias}
