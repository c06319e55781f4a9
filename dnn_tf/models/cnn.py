"""A convolutional network for rows of pixels."""

import math
from collections.abc import Sequence
from typing import Any

import keras

from dnn_tf import initializers
from dnn_tf.arguments import as_sizes, check_positive
from dnn_tf.layers import Convolution, MaxPooling, NeuronLayer
from dnn_tf.models.hidden_layers import Recipe, own_activation
from dnn_tf.types import InputError


def cnn(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    filters: Sequence[int] = (32, 64),
    hidden: Sequence[int] = (128,),
    n_outputs: int = 10,
    *,
    kernel_size: int | tuple[int, int] = 3,
    pool_size: int | tuple[int, int] = 2,
    activation: Any = "relu",
    kernel_initializer: Any = None,
    dropout: Any = None,
    name: str = "cnn",
) -> keras.Model:
    """Convolutions, each followed by max pooling; then dense layers, which end in logits.

    It takes what `models.dnn` takes, a row of pixels a sample, and folds it into an image itself.

    Args:
        image_shape: rows, columns and channels of a sample.
        filters: of each convolution, from the input on; windows lie within the image.
        hidden: neurons of each dense hidden layer.
        n_outputs: classes.
        kernel_size: of the convolutions, one number or (rows, columns).
        pool_size: of the poolings.
        activation: of convolutions and hidden layers; see `models.dnn`, but not `"maxout"`.
        kernel_initializer: of all weights. `None`: the one recommended for the activation.
        dropout: after each hidden layer; see `models.dnn`.
        name: of the model.

    Raises:
        InputError: sizes that cannot be; an image that becomes smaller than a window.

    Warns:
        UserWarning: as `models.dnn` does.

    Shapes:
        `(batch, rows * columns * channels)` -> `(batch, n_outputs)`.

    >>> [layer.name for layer in cnn(filters=(4, 8)).layers][:6]
    ['X', 'image', 'conv1', 'pool1', 'conv2', 'pool2']
    """
    if not isinstance(image_shape, Sequence) or len(image_shape) != 3:
        raise InputError(
            f"image_shape is (rows, columns, channels), such as (28, 28, 1), and got "
            f"{image_shape!r}"
        )
    rows, columns, channels = image_shape
    check_positive(rows=rows, columns=columns, channels=channels, n_outputs=n_outputs)
    if activation == "maxout":
        raise InputError("maxout is for dense layers: take models.dnn, or another activation")
    start = kernel_initializer or initializers.recommended(activation)
    recipe = Recipe(activation, start, dropout=dropout).checked()

    X = keras.Input((math.prod(image_shape),), name="X")
    z = keras.layers.Reshape(image_shape, name="image")(X)
    for number, count in enumerate(as_sizes("filters", filters), start=1):
        z = Convolution(
            count,
            kernel_size,
            activation=own_activation(activation, number),
            kernel_initializer=initializers.get(start),
            name=f"conv{number}",
        )(z)
        z = MaxPooling(pool_size, name=f"pool{number}")(z)
    z = recipe.hidden_layers(keras.layers.Flatten(name="features")(z), hidden, below=len(filters))
    logits = NeuronLayer(n_outputs, name="outputs", **recipe.words())(z)
    return keras.Model(X, logits, name=name)
