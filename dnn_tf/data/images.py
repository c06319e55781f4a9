"""How an image becomes features."""

from dataclasses import dataclass

import numpy as np

from dnn_tf.arguments import check_above_0
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
        dark_background: whether the images it was trained on are light on dark; an image of the
            other kind, as `has_dark_border` tells it, is inverted. `None`: unknown, nothing is.

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
        if type(self.channels) is not int or self.channels not in (1, 3):
            raise InputError(f"an image has 1 channel or 3, and got {self.channels!r}")
        check_above_0(scale=self.scale)
        if not isinstance(self.flat, bool):
            raise InputError(f"flat is True or False, and got {self.flat!r}")
        if not isinstance(self.dark_background, bool | None):
            raise InputError(
                f"dark_background is True, False or None, and got {self.dark_background!r}"
            )

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
    def of(cls, *images: np.ndarray, flat: bool = True) -> "ImageFormat":
        """The format of these pixels, such as those of all splits of a dataset.

        Shapes:
            of each `(n, height, width, channels)`.
        """
        height, width, channels = images[0].shape[1:]
        background = common_background(*images)
        return cls(height, width, channels, flat, dark_background=background)


def common_background(*images: np.ndarray) -> bool | None:
    """Whether images are light on dark as a whole, each judged by `has_dark_border`.

    They are, or are not, where 99 in 100 are alike; else that is unknown, as with photographs.

    Shapes:
        of each `(n, height, width, channels)`.

    >>> night, paper = np.zeros((99, 4, 4, 1), "uint8"), np.full((2, 4, 4, 1), 255, "uint8")
    >>> common_background(night, paper[:1]), common_background(night, paper)
    (True, None)
    """
    dark = [has_dark_border(some) for some in images if len(some)]
    share = np.concatenate(dark).mean() if dark else 0.5
    return True if share >= 0.99 else False if share <= 0.01 else None


def has_dark_border(images: np.ndarray) -> np.ndarray:
    """Whether an image is light on dark, by the median of its outermost pixels.

    It is if they are nearer to its darkest pixel than to its lightest: paper in a dim room is light
    still. Where all pixels are much the same, dark is what is below 128. Only the outermost ring
    counts, one pixel wide: paper in a black frame passes for dark. Crop such images.

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
