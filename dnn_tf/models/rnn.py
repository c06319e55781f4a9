"""A recurrent network that reads an image row by row."""

from collections.abc import Sequence
from typing import Any

import keras

from dnn_tf.arguments import as_sizes, check_positive
from dnn_tf.layers import NeuronLayer, SimpleRNNCell
from dnn_tf.models.hidden_layers import own_activation
from dnn_tf.types import InputError


def rnn(
    image_shape: tuple[int, int] = (28, 28),
    units: Sequence[int] = (150,),
    n_outputs: int = 10,
    *,
    cell: type[keras.Layer] = SimpleRNNCell,
    name: str = "rnn",
    **words: Any,
) -> keras.Model:
    """Recurrent layers that take the rows of an image as steps in time, and end in logits.

    It takes what `models.dnn` takes, a row of pixels a sample. The default has the size of the
    reference notebook's.

    Args:
        image_shape: rows (steps) and columns (features a step; in colour, columns times channels).
        units: of each recurrent layer, from the input on.
        n_outputs: classes.
        cell: `layers.SimpleRNNCell`, `layers.LSTMCell`, `layers.GRUCell`, or another Keras cell.
        name: of the model.
        **words: for every cell, such as `activation="relu"` for `SimpleRNNCell`.

    Raises:
        InputError: no recurrent layer; sizes that cannot be.

    Shapes:
        `(batch, rows * columns)` -> `(batch, n_outputs)`.

    >>> from dnn_tf.layers import LSTMCell
    >>> [layer.name for layer in rnn(units=(20, 10), cell=LSTMCell).layers]
    ['X', 'rows', 'recurrent1', 'recurrent2', 'outputs']
    """
    if not isinstance(image_shape, Sequence) or len(image_shape) != 2:
        raise InputError(f"image_shape is (rows, columns), and got {image_shape!r}")
    if not as_sizes("units", units):
        raise InputError("rnn has one recurrent layer or more, and got none: units=(150,)")
    is_cell = isinstance(cell, type) and hasattr(cell, "get_initial_state")
    if not is_cell or issubclass(cell, keras.layers.RNN):
        raise InputError(
            f"cell is a class such as layers.LSTMCell, and got {cell!r}: a cell takes one step, "
            "and keras.layers.LSTM all of them"
        )
    rows, columns = image_shape
    check_positive(rows=rows, columns=columns, n_outputs=n_outputs)

    X = keras.Input((rows * columns,), name="X")
    z = keras.layers.Reshape(image_shape, name="rows")(X)
    for number, count in enumerate(units, start=1):
        z = keras.layers.RNN(
            cell(count, **_own(words, number)),
            return_sequences=number < len(units),  # the last layer hands on its last state
            name=f"recurrent{number}",
        )(z)
    logits = NeuronLayer(n_outputs, kernel_initializer="xavier_normal", name="outputs")(z)
    return keras.Model(X, logits, name=name)


def _own(words: dict[str, Any], number: int) -> dict[str, Any]:
    """The words for the cell of that number; an activation that is a layer is its own."""
    if "activation" not in words:
        return words
    return {**words, "activation": own_activation(words["activation"], number)}
