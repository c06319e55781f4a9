"""Batch normalisation."""

from typing import Any

import keras
from keras import ops

from dnn_tf.arguments import check_above_0, check_between
from dnn_tf.layers.ranks import check_features
from dnn_tf.types import Tensor


def normalize(
    x: Tensor, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float
) -> Tensor:
    """`gamma * (x - mean) / sqrt(variance + epsilon) + beta`, steps 3 and 4.

    The document divides by `sqrt(mean^2) + epsilon`, the size of the mean.

    >>> float(normalize(3.0, mean=1.0, variance=4.0, gamma=10.0, beta=5.0, epsilon=0.0))
    15.0
    """
    # One factor a feature, as compilers take them together: so a file gives the very same bits.
    scale = gamma * ops.rsqrt(variance + epsilon)
    return scale * (x - mean) + beta


@keras.saving.register_keras_serializable(package="dnn_tf")
class BatchNorm(keras.Layer):
    """Each feature with mean 0 and variance 1 over the batch, then `gamma` times that, plus `beta`.

    The document's four steps (Ioffe & Szegedy, 2015), between a linear layer and its activation:

    1. `mean = 1/m sum x`
    2. `variance = 1/m sum (x - mean)^2`
    3. `x_hat = (x - mean) / sqrt(variance + epsilon)`
    4. `z = gamma * x_hat + beta`

    In use the mean and variance are averages kept in training,
    `moving <- momentum * moving + (1 - momentum) * batch`, here in the same step as everything
    else. (The document's snippet never runs TF1's `UPDATE_OPS`, and so never moves them.) So a
    feature has four numbers to save, of which two are trained.

    A layer that is frozen (`trainable = False`) is in use, whatever `training=` says: its averages
    stand still.

    Args:
        momentum: from 0 up to and without 1. Default 0.9, the document's; Keras and TF1 have 0.99.
        epsilon: added to the variance, above 0. Default 0.001, as in Keras.

    Shapes:
        `(batch, ..., features)` -> the same; mean and variance are taken over all axes but the
        last, calculated in float32 at least; what a mask covers does not count.

    Raises:
        InputError: a momentum or epsilon that cannot be; no features axis of known size.

    >>> x = ops.array([[1.0], [3.0]])  # mean 2, variance 1
    >>> layer = BatchNorm(epsilon=1e-12)
    >>> layer(x, training=True).numpy().tolist()
    [[-1.0], [1.0]]
    >>> float(layer.moving_mean[0]).__round__(4)  # 0.9 * 0 + 0.1 * 2
    0.2
    """

    def __init__(self, momentum: float = 0.9, epsilon: float = 1e-3, **kwargs: Any):
        super().__init__(**kwargs)
        check_between(0, 1, momentum=momentum)
        check_above_0(epsilon=epsilon)
        self.supports_masking = True
        self.momentum = momentum
        self.epsilon = epsilon

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        features = check_features(f"BatchNorm {self.name!r}", input_shape)

        def weight(name: str, start: str, trainable: bool) -> Any:
            return self.add_weight(
                name=name,
                shape=(features,),
                initializer=start,
                trainable=trainable,
                autocast=False,  # averages of float16 numbers would lose too much
            )

        self.gamma = weight("gamma", "ones", trainable=True)
        self.beta = weight("beta", "zeros", trainable=True)
        self.moving_mean = weight("moving_mean", "zeros", trainable=False)
        self.moving_variance = weight("moving_variance", "ones", trainable=False)
        self.input_spec = keras.InputSpec(min_ndim=2, axes={-1: features})

    def call(self, x: Tensor, training: bool = False, mask: Tensor | None = None) -> Tensor:
        x = ops.cast(x, keras.backend.result_type(x.dtype, "float32"))
        if training and self.trainable:
            mean, variance = self._of_batch(x, mask)
        else:
            mean = ops.cast(self.moving_mean, x.dtype)
            variance = ops.cast(self.moving_variance, x.dtype)
        gamma, beta = ops.cast(self.gamma, x.dtype), ops.cast(self.beta, x.dtype)
        z = normalize(x, mean, variance, gamma, beta, self.epsilon)
        return ops.cast(z, self.compute_dtype)

    def _of_batch(self, x: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        """The mean and variance of the batch; the averages move towards them."""
        axes = tuple(range(len(x.shape) - 1))
        counts = ops.ones_like(x[..., :1]) if mask is None else ops.cast(mask, x.dtype)[..., None]
        entries = ops.sum(counts)
        m = ops.maximum(entries, 1)
        mean = ops.sum(counts * x, axis=axes) / m  # (features,)
        variance = ops.sum(counts * ops.square(x - mean), axis=axes) / m  # (features,)

        share = ops.where(entries > 0, 1 - self.momentum, 0.0)  # no rows, no news
        for moving, now in ((self.moving_mean, mean), (self.moving_variance, variance)):
            step = ops.cast(share, now.dtype) * (now - ops.cast(moving, now.dtype))
            moving.assign_add(ops.cast(step, moving.dtype))
        return mean, variance

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "momentum": self.momentum, "epsilon": self.epsilon}
