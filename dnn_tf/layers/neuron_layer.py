"""The document's `neuron_layer`, by hand."""

from typing import Any

import keras
from keras import ops

from dnn_tf import initializers
from dnn_tf.types import InputError, Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class NeuronLayer(keras.Layer):
    """`activation(X W + b)`: a row of `X` is a sample, a column of `W` is a neuron.

    `NeuronLayer(300, "relu", name="hidden1")(X)` is the document's
    `neuron_layer(X, 300, name="hidden1", activation=tf.nn.relu)`.

    Args:
        units: how many neurons.
        activation: a name that Keras knows, a function, or `None` for `X W + b` as it is.
        kernel_initializer: how `W` starts; see `dnn_tf.initializers.get`. Default `"document"`:
            truncated normal with `stddev = 2 / sqrt(n_inputs)`, as printed.
        bias_initializer: how `b` starts. Default zeros.

    Shapes:
        `(batch, n_inputs)` -> `(batch, units)`; axes between the two are kept.

    Raises:
        InputError: `units` is not a whole number above 0; the input has no features axis of
            known size.

    >>> layer = NeuronLayer(3, activation="relu")
    >>> tuple(layer(ops.ones((2, 4))).shape)
    (2, 3)
    >>> tuple(layer.kernel.shape), tuple(layer.bias.shape)
    ((4, 3), (3,))
    """

    def __init__(
        self,
        units: int,
        activation: Any = None,
        kernel_initializer: Any = "document",
        bias_initializer: Any = "zeros",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if not isinstance(units, int) or isinstance(units, bool) or units < 1:
            raise InputError(
                f"a layer has a whole number of units, 1 or more, and got units={units!r}"
            )
        self.units = units
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if len(input_shape) < 2 or input_shape[-1] is None:
            raise InputError(
                f"NeuronLayer {self.name!r} needs rows of a known number of features, "
                f"(batch, n_inputs), and got the shape {tuple(input_shape)}: "
                "flatten the samples, or name n_inputs in keras.Input"
            )
        n_inputs = input_shape[-1]
        self.kernel = self.add_weight(
            name="kernel", shape=(n_inputs, self.units), initializer=self.kernel_initializer
        )
        self.bias = self.add_weight(
            name="bias", shape=(self.units,), initializer=self.bias_initializer
        )
        self.input_spec = keras.InputSpec(min_ndim=2, axes={-1: n_inputs})

    def call(self, x: Tensor) -> Tensor:
        z = ops.matmul(x, self.kernel) + self.bias  # (batch, units)
        return self.activation(z)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
        }
