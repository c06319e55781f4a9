"""Labels and outputs in shapes and types that go together."""

import keras
from keras import ops

from dnn_tf.types import InputError, Tensor


def floating(x: Tensor) -> Tensor:
    """A tensor of numbers with a fraction: whole numbers become `keras.config.floatx()`.

    >>> floating([1, 2]).dtype.name
    'float32'
    """
    x = ops.convert_to_tensor(x)
    return x if keras.backend.is_float_dtype(x.dtype) else ops.cast(x, keras.config.floatx())


def aligned(y_true: Tensor, y_pred: Tensor) -> tuple[Tensor, Tensor]:
    """Both as `(batch, outputs)`, in the type of the outputs.

    One number an example is taken as one output, however it comes: `(batch,)` minus `(batch, 1)`
    would be a square of differences that nobody asked for.

    Raises:
        InputError: other shapes that differ.

    Shapes:
        `(batch,)` or `(batch, 1)` -> `(batch, 1)`; `(batch, outputs)` and longer are kept.

    >>> y, z = aligned([1, 2], ops.array([[1.5], [2.5]]))
    >>> tuple(y.shape), tuple(z.shape)
    ((2, 1), (2, 1))
    """
    z = floating(y_pred)
    y = ops.cast(y_true, z.dtype)
    y, z = (value[:, None] if len(value.shape) == 1 else value for value in (y, z))
    if not _same(y.shape, z.shape):
        raise InputError(
            f"labels of the shape {tuple(y.shape)} do not fit outputs of the shape "
            f"{tuple(z.shape)}: they are compared one to one"
        )
    return y, z


def class_numbers(y_true: Tensor, z: Tensor) -> Tensor:
    """The labels as whole numbers, one for each row of outputs.

    Raises:
        InputError: they are something else, such as a probability for each class.

    Shapes:
        `(batch,)` or `(batch, 1)`, `(batch, classes)` -> `(batch,)`.

    >>> class_numbers([[1], [0]], ops.zeros((2, 3))).numpy().tolist()
    [1, 0]
    """
    y = ops.convert_to_tensor(y_true)
    if len(y.shape) == len(z.shape) and y.shape[-1] == 1:
        y = y[..., 0]
    if not _same(y.shape, z.shape[:-1]):
        raise InputError(
            f"labels of the shape {tuple(y.shape)} are no class numbers for outputs of the shape "
            f"{tuple(z.shape)}: one a row was expected; for a probability a class take "
            "losses.softmax_cross_entropy"
        )
    return ops.cast(y, "int32")


def check_heads(y_pred: Tensor) -> None:
    """Several outputs for the same labels, `(batch, heads, classes)`."""
    if len(y_pred.shape) != 3:
        raise InputError(
            f"outputs of the shape {tuple(y_pred.shape)} have no heads: (batch, heads, classes) "
            "was expected, as models.with_auxiliary_outputs gives them"
        )


def sum_over_outputs(values: Tensor) -> Tensor:
    """`(batch, ...)` -> `(batch,)`."""
    return ops.sum(values, axis=tuple(range(1, len(values.shape))))


def mean_over_outputs(values: Tensor) -> Tensor:
    """`(batch, ...)` -> `(batch,)`."""
    return ops.mean(values, axis=tuple(range(1, len(values.shape))))


def _same(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> bool:
    return len(one) == len(other) and all(
        None in sizes or sizes[0] == sizes[1] for sizes in zip(one, other, strict=True)
    )
