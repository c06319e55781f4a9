"""Convolution: the same few weights at every place of an image."""

import math
from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import as_pair, check_positive
from dnn_tf.layers.patches import check_padding, flat_patches, window_grid
from dnn_tf.layers.ranks import check_images
from dnn_tf.layers.weighted_layer import WeightedLayer
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class Convolution(WeightedLayer):
    """`activation(sum_ij x[r + i, c + j] W[i, j] + b)` at each place `(r, c)` (LeCun et al., 1989).

    Each of the filters sees a small window, and slides over the image with its weights unchanged.
    (As everywhere in the field, the filter is not turned round: this is a cross-correlation.)
    Two of them without an activation in between, in steps of 1 and without a frame, are one with a
    larger window.

    Args:
        filters: how many; each gives a channel of the output.
        kernel_size: rows and columns of the window, one number or a pair. Default 3.
        strides: steps of the window, one number or a pair. Default 1.
        padding: `"valid"`, or `"same"` to frame the image with zeros.
        activation: see `WeightedLayer`.
        kernel_initializer: how `W` starts; `n_inputs` is window times channels. Default He's
            normal.
        **kwargs: see `WeightedLayer`.

    Shapes:
        `(batch, rows, columns, channels)` -> `(batch, out_rows, out_columns, filters)`;
        `kernel`: `(*kernel_size, channels, filters)`, as in Keras' `Conv2D`.

    Raises:
        InputError: sizes that cannot be; not images of a known size; a window larger than they.

    >>> tuple(Convolution(32, 5)(ops.ones((2, 28, 28, 1))).shape)
    (2, 24, 24, 32)
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int] = 3,
        strides: int | tuple[int, int] = 1,
        padding: str = "valid",
        activation: Any = None,
        kernel_initializer: Any = "he_normal",
        **kwargs: Any,
    ):
        super().__init__(activation, kernel_initializer, **kwargs)
        check_positive(filters=filters)
        check_padding(padding)
        self.filters = filters
        self.kernel_size = as_pair("kernel_size", kernel_size)
        self.strides = as_pair("strides", strides)
        self.padding = padding

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        channels = check_images(f"Convolution {self.name!r}", input_shape)[-1]
        self.compute_output_shape(input_shape)  # or say why not
        self.add_kernel_and_bias((*self.kernel_size, channels, self.filters), (self.filters,))
        self.build_activation(input_shape)
        self.input_spec = keras.InputSpec(ndim=4, axes={-1: channels})

    def call(self, x: Tensor) -> Tensor:
        windows = flat_patches(x, self.kernel_size, self.strides, self.padding)
        W = ops.reshape(self.kernel, (math.prod(self.kernel.shape[:-1]), self.filters))
        return self.activation(ops.matmul(windows, W) + self.bias)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        rows, columns, _ = check_images(f"Convolution {self.name!r}", input_shape)
        grid = window_grid((rows, columns), self.kernel_size, self.strides, self.padding)
        return (input_shape[0], *grid, self.filters)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
        }
