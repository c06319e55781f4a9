"""The document's `neuron_layer`, by hand."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_positive
from dnn_tf.layers.ranks import check_features
from dnn_tf.layers.weighted_layer import WeightedLayer
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class NeuronLayer(WeightedLayer):
    """`activation(X W + b)`: a row of `X` is a sample, a column of `W` is a neuron.

    `NeuronLayer(300, "relu", name="hidden1")(X)` is the document's
    `neuron_layer(X, 300, name="hidden1", activation=tf.nn.relu)`.

    Args:
        units: how many neurons.
        activation: a name, a function, a layer such as `PReLU()`, or `None` for `X W + b` as it is.
        kernel_initializer: how `W` starts; see `dnn_tf.initializers.get`. Default `"document"`:
            truncated normal with `stddev = 2 / sqrt(n_inputs)`, as printed.
        **kwargs: see `WeightedLayer`: how `b` starts, penalties, bounds.

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
        **kwargs: Any,
    ):
        super().__init__(activation, kernel_initializer, **kwargs)
        check_positive(units=units)
        self.units = units
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        n_inputs = check_features(f"NeuronLayer {self.name!r}", input_shape)
        self.add_kernel_and_bias((n_inputs, self.units), (self.units,))
        self.build_activation(input_shape)
        self.input_spec = keras.InputSpec(min_ndim=2, axes={-1: n_inputs})

    def call(self, x: Tensor) -> Tensor:
        z = ops.matmul(x, self.kernel) + self.bias  # (batch, units)
        return self.activation(z)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}
