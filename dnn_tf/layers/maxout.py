"""Maxout, an activation whose shape is learned."""

import functools
from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_positive, check_whole
from dnn_tf.layers.ranks import check_features
from dnn_tf.layers.weighted_layer import WeightedLayer
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class Maxout(WeightedLayer):
    """`max_j (X W_j + b_j)`: of each unit's `pieces` linear maps the largest.

    Goodfellow et al. (2013). The gradient goes to the piece that was the largest (the first of
    equal ones), and to no other. A ReLU is a Maxout of two pieces, one of them with weights and
    bias 0; with a single piece, as the third document has it, a unit is linear. It has `pieces`
    times the weights of a dense layer, not `pieces - 1` more.

    Args:
        units: how many outputs.
        pieces: linear maps a unit, 2 or more. Default 2.
        kernel_initializer: how `W` starts. Default Xavier's normal: a unit is linear between kinks.
        **kwargs: see `WeightedLayer`.

    Shapes:
        `(batch, n_inputs)` -> `(batch, units)`; axes between the two are kept.

    Raises:
        InputError: `units` or `pieces` cannot be.

    >>> layer = Maxout(3, pieces=4)
    >>> tuple(layer(ops.ones((2, 5))).shape), tuple(layer.kernel.shape)  # 3 * 4 linear maps
    ((2, 3), (5, 12))
    """

    def __init__(
        self,
        units: int,
        pieces: int = 2,
        kernel_initializer: Any = "xavier_normal",
        **kwargs: Any,
    ):
        super().__init__(kernel_initializer=kernel_initializer, **kwargs)
        check_positive(units=units)
        check_whole(2, pieces=pieces)
        self.units = units
        self.pieces = pieces
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        n_inputs = check_features(f"Maxout {self.name!r}", input_shape)
        maps = self.units * self.pieces
        self.add_kernel_and_bias((n_inputs, maps), (maps,))
        self.build_activation(input_shape)
        self.input_spec = keras.InputSpec(min_ndim=2, axes={-1: n_inputs})

    def call(self, x: Tensor) -> Tensor:
        z = ops.matmul(x, self.kernel) + self.bias  # (batch, units * pieces)
        z = ops.reshape(z, (*ops.shape(z)[:-1], self.units, self.pieces))
        largest = functools.reduce(ops.maximum, ops.unstack(z, self.pieces, axis=-1))
        return self.activation(largest)  # (batch, units)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "pieces": self.pieces}
