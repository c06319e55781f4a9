"""The plain recurrent cell."""

from typing import Any

import keras
from keras import ops

from dnn_tf import activations
from dnn_tf.layers.recurrent_cell import RecurrentCell
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class SimpleRNNCell(RecurrentCell):
    """`h_t = activation(x_t W + h_(t-1) U + b)` (Elman, 1990).

    Through time the gradient is multiplied by `U` at every step, so it vanishes or explodes. Two of
    the documents recommend a ReLU in place of tanh as a remedy for explosion; it has no bound and
    makes it worse, unless `U` starts near the identity.

    Args:
        units: how many numbers the state has.
        activation: see `dnn_tf.activations.get`. Default tanh.
        **kwargs: see `RecurrentCell`.

    Shapes:
        `(batch, n_inputs)`, state `(batch, units)` -> `(batch, units)`, the new state.

    >>> rnn = keras.layers.RNN(SimpleRNNCell(5))
    >>> tuple(rnn(ops.ones((2, 28, 28))).shape)  # the rows of two images as 28 steps
    (2, 5)
    """

    parts = 1

    def __init__(self, units: int, activation: Any = "tanh", **kwargs: Any):
        super().__init__(units, **kwargs)
        self.activation = activations.get(activation)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        super().build(input_shape)
        if isinstance(self.activation, keras.Layer) and not self.activation.built:
            self.activation.build((input_shape[0], self.units))

    def call(self, x: Tensor, states: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        (h,) = states
        h = self.activation(
            ops.matmul(x, self.kernel) + ops.matmul(h, self.recurrent_kernel) + self.bias
        )
        return h, [h]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "activation": activations.serialize(self.activation)}
