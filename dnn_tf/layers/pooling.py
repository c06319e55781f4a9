"""Pooling: of each window of each channel one number."""

import abc
import functools
from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import as_pair
from dnn_tf.layers.patches import check_padding, patches, window_grid
from dnn_tf.layers.ranks import check_images
from dnn_tf.types import Tensor


class Pooling(keras.Layer, abc.ABC):
    """What both poolings share: the windows.

    Args:
        pool_size: rows and columns of a window, one number or a pair. Default 2.
        strides: steps of the window. `None`: `pool_size`, so that windows do not overlap; with
            smaller steps they do (the second document advises against it; AlexNet did it).
        padding: `"valid"`, or `"same"` to let windows reach over the edge.

    Shapes:
        `(batch, rows, columns, channels)` -> `(batch, out_rows, out_columns, channels)`.

    Raises:
        InputError: sizes that cannot be; not images of a known size; a window larger than they.
    """

    def __init__(
        self,
        pool_size: int | tuple[int, int] = 2,
        strides: int | tuple[int, int] | None = None,
        padding: str = "valid",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        check_padding(padding)
        self.pool_size = as_pair("pool_size", pool_size)
        self.strides = self.pool_size if strides is None else as_pair("strides", strides)
        self.padding = padding

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.compute_output_shape(input_shape)  # or say why not
        self.input_spec = keras.InputSpec(ndim=4)

    @abc.abstractmethod
    def call(self, x: Tensor) -> Tensor: ...

    def windows(self, x: Tensor, fill: float) -> Tensor:
        """`(batch, out_rows, out_columns, window, channels)`."""
        return patches(x, self.pool_size, self.strides, self.padding, fill)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        rows, columns, channels = check_images(f"{type(self).__name__} {self.name!r}", input_shape)
        grid = window_grid((rows, columns), self.pool_size, self.strides, self.padding)
        return (input_shape[0], *grid, channels)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "strides": self.strides,
            "padding": self.padding,
        }


@keras.saving.register_keras_serializable(package="dnn_tf")
class MaxPooling(Pooling):
    """The largest number of each window; see `Pooling` for arguments and shapes.

    The gradient goes to that number; of equal ones, as on the black of an image, to the first.
    It tolerates small shifts, no more: the second document also claims that it makes a network
    indifferent to scale and brightness.

    >>> MaxPooling()(ops.array([[[[1.0], [2.0]], [[3.0], [4.0]]]])).numpy().ravel().tolist()
    [4.0]
    """

    def call(self, x: Tensor) -> Tensor:
        entries = ops.unstack(self.windows(x, fill=float("-inf")), axis=3)
        return functools.reduce(ops.maximum, entries)


@keras.saving.register_keras_serializable(package="dnn_tf")
class MeanPooling(Pooling):
    """The mean of each window, over what of it lies within the image; see `Pooling`.

    >>> MeanPooling()(ops.array([[[[1.0], [2.0]], [[3.0], [4.0]]]])).numpy().ravel().tolist()
    [2.5]
    """

    def call(self, x: Tensor) -> Tensor:
        within = self.windows(ops.ones((1, *x.shape[1:3], 1), x.dtype), fill=0.0)
        share = 1 / ops.sum(within, axis=3)  # (1, out_rows, out_columns, 1)
        return share * ops.sum(self.windows(x, fill=0.0), axis=3)
