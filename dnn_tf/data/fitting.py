"""Images of any size as those that a network was trained on."""

from collections.abc import Mapping

import numpy as np
from PIL import Image

from dnn_tf.data.dataset import Split
from dnn_tf.data.images import ImageFormat, has_dark_border
from dnn_tf.data.memory import check_fits

_BYTES_A_PIXEL = 1 + 4
"""As it is resized, and as a feature."""


def fit_splits(
    pixels: Mapping[str, Split], image_format: ImageFormat
) -> tuple[dict[str, Split], str]:
    """The images of all splits, each as `fit_images` makes it.

    Returns:
        The splits, and what was done to them, for `Dataset.source`; `""` if nothing was.
    """
    fitted, n_inverted = {}, 0
    for name, split in pixels.items():
        images, inverted = fit_images(split.x, image_format)
        fitted[name] = Split(images, split.y)
        n_inverted += int(inverted.sum())
    if all(fitted[name].x is split.x for name, split in pixels.items()):
        return fitted, ""
    return fitted, told(sum(map(len, fitted.values())), image_format, n_inverted)


def fit_images(images: np.ndarray, image_format: ImageFormat) -> tuple[np.ndarray, np.ndarray]:
    """Images as pixels of another format, and which of them were inverted.

    They become grey or coloured, and are resized. Where, as a whole, they are not on the background
    that is expected, each is then judged by itself, as `read_images` does.

    Shapes:
        uint8 `(n, height, width, channels)` -> `(n, *image_format.image_shape)` and `(n,)`; the
        same array if there is nothing to do.

    >>> paper = np.full((3, 8, 8, 1), 255, "uint8")
    >>> pixels, inverted = fit_images(paper, ImageFormat(4, 4, 3, dark_background=True))
    >>> pixels.shape, int(pixels.max()), inverted.tolist()
    ((3, 4, 4, 3), 0, [True, True, True])
    """
    if images.shape[1:] != image_format.image_shape:
        images = _all_resized(images, *image_format.image_shape)
    dark = image_format.dark_background
    if ImageFormat.of(images).dark_background is dark:
        return images, np.zeros(len(images), bool)
    return match_background(images, dark)


def _all_resized(images: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:
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
    colours = "grey" if image_format.channels == 1 else "colour"
    what = "image" if n_images == 1 else "images"
    size = f"{n_images:,} {what} as {image_format.height} x {image_format.width} {colours}"
    if not n_inverted:
        return size
    which = "all" if n_inverted == n_images else f"{n_inverted:,} of them"
    ground = "light on dark" if image_format.dark_background else "dark on light"
    return f"{size}, {which} inverted to {ground}"
