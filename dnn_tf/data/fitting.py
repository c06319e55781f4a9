"""Images of any size as those that a network was trained on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image

from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.data.images import ImageFormat, common_background, has_dark_border
from dnn_tf.data.memory import check_fits
from dnn_tf.types import InputError

_BYTES_A_PIXEL = 1 + 4
"""As it is resized, and as a feature."""


def fit_splits(
    pixels: Mapping[str, Split], image_format: ImageFormat
) -> tuple[dict[str, Split], str]:
    """The images of all splits as pixels of another format.

    They become grey or coloured, are resized, and are laid on one background, see
    `on_one_background`.

    Shapes:
        of each split, uint8 `(n, height, width, channels)` -> `(n, *image_format.image_shape)`; the
        same array if there is nothing to do.

    Returns:
        The splits, and what was done to them, for `Dataset.source`; `""` if nothing was.

    >>> paper = Split(np.full((3, 8, 8, 1), 255, "uint8"), np.array([0, 1, 1]))
    >>> wanted = ImageFormat(4, 4, 3, dark_background=True)
    >>> fitted, remark = fit_splits({"train": paper}, wanted)
    >>> fitted["train"].x.shape, remark
    ((3, 4, 4, 3), '3 images as 4 x 4 colour, all inverted to light on dark')
    """
    sized = {name: Split(_all_resized(split.x, image_format), split.y)
             for name, split in pixels.items()}  # fmt: skip
    fitted, n_inverted = on_one_background(sized, image_format.dark_background)
    if all(fitted[name].x is split.x for name, split in pixels.items()):
        return fitted, ""
    return fitted, told(sum(map(len, fitted.values())), image_format, n_inverted)


def on_one_background(
    pixels: Mapping[str, Split], dark: bool | None
) -> tuple[dict[str, Split], int]:
    """The images of a set on the background of a network, and how many were inverted for it.

    Where `ImageFormat.of` all splits together says that they are on it, none is inverted: by the
    same rule the network was trained on such a set, the odd ones as they were. Else each image is
    judged by itself, as `read_images` does with those that come without a set.

    Args:
        pixels: by the names of the splits; each `x` is uint8 `(n, height, width, channels)`.
        dark: see `match_background`.
    """
    if dark is None or common_background(*(split.x for split in pixels.values())) is dark:
        return dict(pixels), 0
    matched, n_inverted = {}, 0
    for name, split in pixels.items():
        images, inverted = match_background(split.x, dark)
        matched[name] = Split(images, split.y)
        n_inverted += int(inverted.sum())
    return matched, n_inverted


def fit_features(data: Dataset, image_format: ImageFormat) -> Dataset:
    """Rows of numbers in the shape of a network's features, their values as they are.

    Raises:
        InputError: they have another shape than its images, with or without the axes.

    >>> rows = Dataset(Split(np.zeros((2, 3, 4)), np.array([0, 1])))
    >>> fit_features(rows, ImageFormat(3, 4)).train.x.shape
    (2, 12)
    """
    height, width, channels = image_format.image_shape
    shapes = [(height * width * channels,), (height, width, channels), (height, width)]
    shapes = shapes[: 3 if channels == 1 else 2]
    found = data.train.x.shape[1:]
    if found not in shapes:
        raise InputError(
            f"{data.source}: a sample has the shape {found}, and the network takes images of "
            f"{size_of(image_format)}: give {' or '.join(map(str, shapes))}, or images as uint8 "
            "(n, height, width), with 1 or 3 channels at the end"
        )
    splits: dict[str, Any] = {
        name: Split(split.x.reshape(len(split), *image_format.feature_shape), split.y)
        for name, split in data.splits().items()
    }
    return replace(data, **splits)


def _all_resized(images: np.ndarray, image_format: ImageFormat) -> np.ndarray:
    height, width, channels = image_format.image_shape
    if images.shape[1:] == image_format.image_shape:
        return images
    n_bytes = len(images) * height * width * channels * _BYTES_A_PIXEL
    check_fits(n_bytes, f"{len(images):,} images of {height} x {width}")
    pixels = np.empty((len(images), height, width, channels), "uint8")
    for row, image in enumerate(images):
        plain = image[..., 0] if image.shape[-1] == 1 else image  # as Pillow takes grey
        pixels[row] = resized(Image.fromarray(plain), height, width, channels)
    return pixels


def resized(image: Image.Image, height: int, width: int, channels: int) -> np.ndarray:
    """An image as pixels of that size: uint8 `(height, width, channels)`."""
    image = image.convert("L" if channels == 1 else "RGB")
    image = image.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(image, "uint8").reshape(height, width, channels)


def match_background(images: np.ndarray, dark: bool | None) -> tuple[np.ndarray, np.ndarray]:
    """The images on one background: light and dark are exchanged in those on the other.

    Args:
        images: uint8 pixels.
        dark: the background. `None`: any, nothing is exchanged.

    Shapes:
        `(n, height, width, channels)` -> the same, and `(n,)` whether exchanged.
    """
    if dark is None or not len(images):
        return images, np.zeros(len(images), bool)
    inverted = has_dark_border(images) != dark
    if inverted.any():
        images = images.copy()
        images[inverted] = 255 - images[inverted]
    return images, inverted


def told(n_images: int, image_format: ImageFormat, n_inverted: int) -> str:
    """What became of images, for `Dataset.source`.

    >>> told(320, ImageFormat(28, 28, dark_background=True), 310)
    '320 images as 28 x 28 grey, 310 of them inverted to light on dark'
    """
    what = "image" if n_images == 1 else "images"
    size = f"{n_images:,} {what} as {size_of(image_format)}"
    if not n_inverted:
        return size
    which = "all" if n_inverted == n_images else f"{n_inverted:,} of them"
    ground = "light on dark" if image_format.dark_background else "dark on light"
    return f"{size}, {which} inverted to {ground}"


def size_of(image_format: ImageFormat) -> str:
    """Height, width and colours in words.

    >>> size_of(ImageFormat(28, 20, 3))
    '28 x 20 colour'
    """
    colours = "grey" if image_format.channels == 1 else "colour"
    return f"{image_format.height} x {image_format.width} {colours}"
