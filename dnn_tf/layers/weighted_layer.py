"""What the layers with a kernel and a bias share."""

import abc
from typing import Any

import keras

from dnn_tf import activations, constraints, initializers, regularizers


class WeightedLayer(keras.Layer, abc.ABC):
    """`activation(linear map + bias)`: how the weights start, are held in bounds, and are saved.

    Args:
        activation: a name (`dnn_tf.activations.get`), a function, a layer such as `PReLU()`, or
            `None` for none.
        kernel_initializer: how the kernel starts; see `dnn_tf.initializers.get`. Default
            `"document"`: truncated normal with `stddev = 2 / sqrt(n_inputs)`, as printed.
        bias_initializer: how the bias starts. Default zeros.
        kernel_regularizer: a penalty, such as `regularizers.L2(1e-4)`, or `None`.
        kernel_constraint: a bound, such as `constraints.MaxNorm(1.0)`, or `None`.
    """

    def __init__(
        self,
        activation: Any = None,
        kernel_initializer: Any = "document",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        kernel_constraint: Any = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)

    def add_kernel_and_bias(
        self, kernel: tuple[int, ...], bias: tuple[int, ...], initializer: Any = None
    ) -> None:
        """Adds the two weights, of these shapes."""
        self.kernel = self.add_weight(
            name="kernel",
            shape=kernel,
            initializer=initializer or self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = self.add_weight(name="bias", shape=bias, initializer=self.bias_initializer)

    def build_activation(self, input_shape: tuple[int | None, ...]) -> None:
        """Gives an activation that is a layer its weights, so that files know of them."""
        if isinstance(self.activation, keras.Layer) and not self.activation.built:
            self.activation.build(self.compute_output_shape(input_shape))

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "activation": activations.serialize(self.activation),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
        }
