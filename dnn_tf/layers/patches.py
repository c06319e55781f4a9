"""The windows of an image that a convolution or a pooling looks at."""

from keras import ops

from dnn_tf.types import InputError, Tensor

PADDINGS = ("valid", "same")


def check_padding(padding: str) -> None:
    """`"valid"` or `"same"`."""
    if padding not in PADDINGS:
        raise InputError(f"padding is one of {', '.join(PADDINGS)}, and got {padding!r}")


def n_windows(length: int, size: int, stride: int, padding: str) -> int:
    """How many windows fit along an axis.

    >>> n_windows(28, 5, 1, "valid"), n_windows(28, 5, 2, "same")
    (24, 14)
    """
    if padding == "same":
        return -(-length // stride)
    if size > length:
        raise InputError(
            f"a window of {size} is larger than the image, {length}: take a smaller one, fewer "
            "poolings, or padding='same'"
        )
    return (length - size) // stride + 1


def window_grid(
    image: tuple[int, int], size: tuple[int, int], strides: tuple[int, int], padding: str
) -> tuple[int, int]:
    """How many windows fit into rows and columns.

    >>> window_grid((28, 28), (2, 2), (2, 2), "valid")
    (14, 14)
    """
    rows, columns = (n_windows(*axis, padding) for axis in zip(image, size, strides, strict=True))
    return rows, columns


def patches(
    x: Tensor,
    size: tuple[int, int],
    strides: tuple[int, int] = (1, 1),
    padding: str = "valid",
    fill: float = 0.0,
) -> Tensor:
    """Every window of every image, its entries row by row.

    Args:
        x: images.
        size: rows and columns of a window.
        strides: how far one window is from the next; where it is less than `size`, they overlap.
        padding: `"valid"`: windows lie within the image. `"same"`: the image is framed so that
            there are `rows / strides` of them, rounded up; an odd number goes below and right.
        fill: what the frame is made of.

    Shapes:
        `(batch, rows, columns, channels)` ->
        `(batch, out_rows, out_columns, size[0] * size[1], channels)`.

    >>> image = ops.reshape(ops.arange(9), (1, 3, 3, 1))
    >>> patches(image, (2, 2))[0, 0, 1, :, 0].numpy().tolist()
    [1, 2, 4, 5]
    """
    image = (x.shape[1], x.shape[2])
    out_rows, out_columns = window_grid(image, size, strides, padding)
    if padding == "same":
        frame = []
        for axis, windows in enumerate((out_rows, out_columns)):
            missing = max((windows - 1) * strides[axis] + size[axis] - image[axis], 0)
            frame.append((missing // 2, missing - missing // 2))
        x = ops.pad(x, [(0, 0), *frame, (0, 0)], constant_values=fill)
    bottom = (out_rows - 1) * strides[0] + 1
    right = (out_columns - 1) * strides[1] + 1
    return ops.stack(
        [
            x[:, i : i + bottom : strides[0], j : j + right : strides[1], :]
            for i in range(size[0])
            for j in range(size[1])
        ],
        axis=3,
    )


def flat_patches(
    x: Tensor, size: tuple[int, int], strides: tuple[int, int], padding: str
) -> Tensor:
    """`patches` framed with zeros, with all that a window shows in one row.

    Shapes:
        `(batch, rows, columns, channels)` ->
        `(batch, out_rows, out_columns, size[0] * size[1] * channels)`.

    >>> tuple(flat_patches(ops.ones((2, 4, 5, 3)), (2, 2), (1, 1), "valid").shape)
    (2, 3, 4, 12)
    """
    windows = patches(x, size, strides, padding)
    _, rows, columns, entries, channels = windows.shape
    return ops.reshape(windows, (-1, rows, columns, entries * channels))
