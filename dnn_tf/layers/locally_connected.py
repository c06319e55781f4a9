"""A convolution without shared weights, which Keras 3 no longer has."""

import math
from typing import Any

import keras
from keras import ops

from dnn_tf import initializers
from dnn_tf.arguments import as_pair, check_positive
from dnn_tf.layers.patches import flat_patches, window_grid
from dnn_tf.layers.ranks import check_images
from dnn_tf.layers.weighted_layer import WeightedLayer
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class LocallyConnected(WeightedLayer):
    """`activation(sum_ij x[r + i, c + j] W[r, c, i, j] + b[r, c])` at each place `(r, c)`.

    Each place has filters of its own: for images that are aligned, such as faces whose eyes are
    always in the same place (Taigman et al., 2014), at the price of as many times the weights as
    there are places. It is `LocallyConnected2D` of Keras 2 (keras-team/keras#20830).

    Args:
        filters: how many at a place; each gives a channel of the output.
        kernel_size: rows and columns of the window, one number or a pair. Default 3.
        strides: steps of the window, one number or a pair. Default 1.
        activation: see `WeightedLayer`.
        kernel_initializer: how `W` starts, drawn place by place, so that `n_inputs` is window
            times channels. (An initialiser with a seed starts all places alike.) Default He's
            normal.
        **kwargs: see `WeightedLayer`.

    Shapes:
        `(batch, rows, columns, channels)` -> `(batch, out_rows, out_columns, filters)`;
        `kernel`: `(out_rows, out_columns, window * channels, filters)`,
        `bias`: `(out_rows, out_columns, filters)`.

    Raises:
        InputError: sizes that cannot be; not images of a known size; a window larger than they.

    >>> layer = LocallyConnected(4, 3)
    >>> tuple(layer(ops.ones((2, 8, 8, 1))).shape), layer.count_params()  # 36 places, (9 + 1) * 4
    ((2, 6, 6, 4), 1440)
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int] = 3,
        strides: int | tuple[int, int] = 1,
        activation: Any = None,
        kernel_initializer: Any = "he_normal",
        **kwargs: Any,
    ):
        super().__init__(activation, kernel_initializer, **kwargs)
        check_positive(filters=filters)
        self.filters = filters
        self.kernel_size = as_pair("kernel_size", kernel_size)
        self.strides = as_pair("strides", strides)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        *image, channels = check_images(f"LocallyConnected {self.name!r}", input_shape)
        grid = window_grid((image[0], image[1]), self.kernel_size, self.strides, "valid")
        window = math.prod(self.kernel_size) * channels

        def place_by_place(shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
            draws = [
                initializers.get(self.kernel_initializer)(shape[2:], dtype)
                for _ in range(math.prod(shape[:2]))
            ]
            return ops.reshape(ops.stack(draws), shape)

        kernel, bias = (*grid, window, self.filters), (*grid, self.filters)
        self.add_kernel_and_bias(kernel, bias, place_by_place)
        self.build_activation(input_shape)
        self.input_spec = keras.InputSpec(shape=(None, *input_shape[1:]))

    def call(self, x: Tensor) -> Tensor:
        windows = flat_patches(x, self.kernel_size, self.strides, "valid")
        return self.activation(ops.einsum("brcw,rcwf->brcf", windows, self.kernel) + self.bias)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        rows, columns, _ = check_images(f"LocallyConnected {self.name!r}", input_shape)
        grid = window_grid((rows, columns), self.kernel_size, self.strides, "valid")
        return (input_shape[0], *grid, self.filters)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
        }
