"""How an image becomes features."""

from dataclasses import dataclass

import numpy as np

from dnn_tf.types import InputError, Tensor

_CONTRAST = 32
"""Shades of 256 between what is drawn and its background, at least."""


@dataclass(frozen=True)
class ImageFormat:
    """What a network that was trained on images expects of the next one.

    Args:
        height, width: in pixels.
        channels: 1 for grey, 3 for colour.
        flat: whether a sample is one row of pixels or keeps the shape of the image.
        scale: the pixel value that becomes 1.
        dark_background: whether the images it was trained on are light on dark; an image file of
            the other kind is inverted. `None`: unknown, nothing is inverted.

    >>> mnist = ImageFormat(28, 28, 1, dark_background=True)
    >>> mnist.features(np.full((1, 28, 28, 1), 255, "uint8")).max()
    np.float32(1.0)
    """

    height: int
    width: int
    channels: int = 1
    flat: bool = True
    scale: float = 255.0
    dark_background: bool | None = None

    def __post_init__(self) -> None:
        sizes = (self.height, self.width)
        if not all(type(size) is int and 0 < size <= 10_000 for size in sizes):
            raise InputError(f"an image has 1 to 10,000 pixels a side, and got {sizes}")
        if self.channels not in (1, 3):
            raise InputError(f"an image has 1 channel or 3, and got {self.channels!r}")
        if not isinstance(self.scale, int | float) or not 0 < self.scale < float("inf"):
            raise InputError(f"scale is a finite number above 0, and got {self.scale!r}")

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """`(height, width, channels)`."""
        return (self.height, self.width, self.channels)

    @property
    def feature_shape(self) -> tuple[int, ...]:
        """Of one sample: `(height * width * channels,)` if flat, else that of the image."""
        return (self.height * self.width * self.channels,) if self.flat else self.image_shape

    def features(self, images: np.ndarray) -> np.ndarray:
        """`pixels / scale`, as float32.

        Shapes:
            `(n, height, width, channels)` -> `(n, *feature_shape)`.

        Raises:
            InputError: images of another shape.
        """
        if images.shape[1:] != self.image_shape:
            raise InputError(
                f"images of the shape {images.shape[1:]} arrived, and {self.image_shape} was "
                "expected: (height, width, channels)"
            )
        pixels = images.reshape(len(images), *self.feature_shape).astype("float32")
        pixels /= np.float32(self.scale)
        return pixels

    def images(self, features: Tensor) -> np.ndarray:
        """The way back, for pictures: values from 0 to 1, grey ones without the channel axis."""
        images = np.asarray(features).reshape(-1, *self.image_shape)
        return images[..., 0] if self.channels == 1 else images

    @classmethod
    def of(cls, images: np.ndarray, flat: bool = True) -> "ImageFormat":
        """The format of these pixels, the background judged by the outermost ones.

        It is dark, or light, where that of 99 images in 100 is; else unknown, as with photographs.

        Shapes:
            `(n, height, width, channels)`.
        """
        n, height, width, channels = images.shape
        share = has_dark_border(images[:: n // 1000 + 1]).mean() if n else 0.5
        background = True if share >= 0.99 else False if share <= 0.01 else None
        return cls(height, width, channels, flat, dark_background=background)


def has_dark_border(images: np.ndarray) -> np.ndarray:
    """Whether an image is light on dark, by the median of its outermost pixels.

    It is if they are nearer to its darkest pixel than to its lightest: paper in a dim room is light
    still. Where all pixels are much the same, dark is what is below 128.

    Shapes:
        `(n, height, width, channels)` -> `(n,)`.

    >>> paper = np.full((1, 4, 4, 1), 110, "uint8")
    >>> paper[:, 1, 1] = 30
    >>> has_dark_border(paper).tolist(), has_dark_border(paper[:, 2:]).tolist()
    ([False], [True])
    """
    border = np.ones(images.shape[1:3], bool)
    border[1:-1, 1:-1] = False
    darkest = images.min(axis=(1, 2, 3)).astype("float32")
    lightest = images.max(axis=(1, 2, 3)).astype("float32")
    halfway = np.where(lightest - darkest < _CONTRAST, 128, (darkest + lightest) / 2)
    return np.median(images[:, border], axis=(1, 2)) < halfway
