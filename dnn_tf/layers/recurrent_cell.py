"""What the cells of recurrent networks share."""

import abc
from typing import Any, ClassVar

import keras
from keras import ops

from dnn_tf import initializers
from dnn_tf.arguments import check_positive
from dnn_tf.layers.ranks import check_features
from dnn_tf.types import Tensor


class RecurrentCell(keras.Layer, abc.ABC):
    """One step in time; `keras.layers.RNN(cell)` walks it along a sequence.

    Weights are laid out as Keras lays them out, so `set_weights` takes those of its layers: the
    parts that a cell has (its gates and its candidate) stand side by side along the last axis.

    Args:
        units: how many numbers the state has.
        kernel_initializer: of the weights on the input. Default Xavier's uniform.
        recurrent_initializer: of the weights on the state. Default orthogonal, which neither
            stretches nor shrinks it.
    """

    parts: ClassVar[int]
    """How many linear maps the cell has."""

    def __init__(
        self,
        units: int,
        kernel_initializer: Any = "xavier_uniform",
        recurrent_initializer: Any = "orthogonal",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        check_positive(units=units)
        self.units = units
        self.state_size: int | list[int] = units
        self.output_size = units
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        n_inputs = check_features(f"{type(self).__name__} {self.name!r}", input_shape)
        width = self.parts * self.units
        self.kernel = self.add_weight(
            name="kernel", shape=(n_inputs, width), initializer=self.kernel_initializer
        )
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel",
            shape=(self.units, width),
            initializer=self.recurrent_initializer,
        )
        self.bias = self.add_weight(
            name="bias", shape=self.bias_shape(width), initializer=self.start_bias
        )

    def bias_shape(self, width: int) -> tuple[int, ...]:
        """The shape of the bias."""
        return (width,)

    def start_bias(self, shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
        """How the bias starts: zeros."""
        return ops.zeros(shape, dtype)

    @abc.abstractmethod
    def call(self, x: Tensor, states: list[Tensor]) -> tuple[Tensor, list[Tensor]]: ...

    def get_initial_state(self, batch_size: int) -> list[Tensor]:
        """Zeros."""
        sizes = self.state_size if isinstance(self.state_size, list) else [self.state_size]
        return [ops.zeros((batch_size, size), self.compute_dtype) for size in sizes]

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "recurrent_initializer": keras.initializers.serialize(self.recurrent_initializer),
        }
