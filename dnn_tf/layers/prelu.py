"""PReLU, a leaky ReLU that learns its slope."""

from typing import Any

import keras
from keras import ops

from dnn_tf import initializers
from dnn_tf.layers.ranks import check_features
from dnn_tf.types import Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class PReLU(keras.Layer):
    """`z` where `z > 0`, else `slope * z`, with one learned slope a feature (He et al., 2015).

    Of images the last axis is the channels, and a slope serves a whole channel, as in the paper.
    (`keras.layers.PReLU` has a slope for every pixel unless told otherwise, and starts at 0.)

    Args:
        slope_initializer: how the slopes start. Default 0.25, the paper's.

    Shapes:
        `(batch, ..., features)` -> the same.

    >>> layer = PReLU()
    >>> layer(ops.array([[-2.0, 3.0]])).numpy().tolist()
    [[-0.5, 3.0]]
    >>> tuple(layer.slope.shape)
    (2,)
    """

    def __init__(self, slope_initializer: Any = None, **kwargs: Any):
        super().__init__(**kwargs)
        if slope_initializer is None:
            slope_initializer = keras.initializers.Constant(0.25)
        self.supports_masking = True
        self.slope_initializer = initializers.get(slope_initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        features = check_features(f"PReLU {self.name!r}", input_shape)
        self.slope = self.add_weight(
            name="slope", shape=(features,), initializer=self.slope_initializer
        )
        self.input_spec = keras.InputSpec(min_ndim=2, axes={-1: features})

    def call(self, z: Tensor) -> Tensor:
        return ops.maximum(0.0, z) + self.slope * ops.minimum(z, 0.0)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "slope_initializer": keras.initializers.serialize(self.slope_initializer),
        }
