"""Whether a layer can take an input of this shape."""

from dnn_tf.types import InputError

Shape = tuple[int | None, ...]


def check_features(layer: str, shape: Shape) -> int:
    """The number of features of `(batch, ..., features)`.

    >>> check_features("NeuronLayer 'hidden1'", (None, 784))
    784
    """
    if len(shape) < 2 or shape[-1] is None:
        raise InputError(
            f"{layer} needs rows of a known number of features, (batch, features), and got the "
            f"shape {tuple(shape)}: flatten the samples, or give keras.Input their number"
        )
    return shape[-1]


def check_images(layer: str, shape: Shape) -> tuple[int, int, int]:
    """The rows, columns and channels of `(batch, rows, columns, channels)`.

    >>> check_images("Convolution 'conv1'", (None, 28, 28, 1))
    (28, 28, 1)
    """
    if len(shape) == 4:
        _, rows, columns, channels = shape
        if rows is not None and columns is not None and channels is not None:
            return rows, columns, channels
    raise InputError(
        f"{layer} needs images of a known size, (batch, rows, columns, channels), and got the "
        f"shape {tuple(shape)}: put keras.layers.Reshape((28, 28, 1)) before it for rows of "
        "784 pixels"
    )
