"""Labels in the shape of the outputs."""

from keras import ops

from dnn_tf.types import InputError, Tensor


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
    z = ops.convert_to_tensor(y_pred)
    y = ops.cast(y_true, z.dtype)
    y, z = (value[:, None] if len(value.shape) == 1 else value for value in (y, z))
    if len(y.shape) != len(z.shape) or any(
        None not in (one, other) and one != other
        for one, other in zip(y.shape[1:], z.shape[1:], strict=True)
    ):
        raise InputError(
            f"labels of the shape {tuple(y.shape)} do not fit outputs of the shape "
            f"{tuple(z.shape)}: they are compared one to one"
        )
    return y, z


def sum_over_outputs(values: Tensor) -> Tensor:
    """`(batch, ...)` -> `(batch,)`."""
    return ops.sum(values, axis=tuple(range(1, len(values.shape))))


def mean_over_outputs(values: Tensor) -> Tensor:
    """`(batch, ...)` -> `(batch,)`."""
    return ops.mean(values, axis=tuple(range(1, len(values.shape))))
