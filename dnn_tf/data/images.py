"""How an image becomes features, for arrays of pixels and for image files."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from dnn_tf.types import InputError, Tensor, first_line

_ORIENTATION = 274
"""The EXIF tag; from 5 on the camera was held on its side."""


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
        share = _has_dark_border(images[:: n // 1000 + 1]).mean() if n else 0.5
        background = True if share >= 0.99 else False if share <= 0.01 else None
        return cls(height, width, channels, flat, dark_background=background)


def _has_dark_border(images: np.ndarray) -> np.ndarray:
    """`(n, height, width, channels)` -> `(n,)`."""
    border = np.ones(images.shape[1:3], bool)
    border[1:-1, 1:-1] = False
    return np.median(images[:, border], axis=(1, 2)) < 128


def read_images(
    paths: Sequence[str | Path], image_format: ImageFormat
) -> tuple[np.ndarray, list[bool]]:
    """Image files of any size as the pixels that a network was trained on.

    Each is turned the way its camera says, laid on paper where it is transparent, made grey if the
    network knows no colours, resized, and inverted where its background is light and the network
    was trained on dark ones (or the other way round).

    Args:
        paths: files that Pillow reads: PNG, JPEG and others.
        image_format: what the network expects.

    Returns:
        The pixels, uint8 `(n, height, width, channels)`, and for each file whether it was inverted.

    Raises:
        InputError: a file that is missing or no image; the message names it.
    """
    pictures, inverted = [], []
    for path in paths:
        pixels = read_image(Path(path), *image_format.image_shape)
        dark = image_format.dark_background
        flip = dark is not None and bool(_has_dark_border(pixels[None])[0]) != dark
        pictures.append(255 - pixels if flip else pixels)
        inverted.append(flip)
    return np.stack(pictures), inverted


def read_image(path: Path, height: int, width: int, channels: int) -> np.ndarray:
    """One image file, as pixels of that size: uint8 `(height, width, channels)`.

    Raises:
        InputError: see `read_images`.
    """
    with _opened(path) as file:
        image = ImageOps.exif_transpose(file)
        if image.mode.startswith("I;16") or image.mode in ("I", "F"):
            image = _eight_bits(image, path)
        image = _on_paper(image).convert("L" if channels == 1 else "RGB")
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(image, "uint8").reshape(height, width, channels)


def read_size(path: Path) -> tuple[int, int]:
    """`(height, width)` of an image file as one sees it, from its first bytes alone.

    Raises:
        InputError: see `read_images`.
    """
    with _opened(path) as file:
        # Only JPEG keeps it at the start, and a camera writes no other.
        on_its_side = file.format == "JPEG" and file.getexif().get(_ORIENTATION, 1) >= 5
        width, height = file.size
    return (width, height) if on_its_side else (height, width)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """An image file; what is wrong with it, there or in the block, is an error that names it."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; name PNG or JPEG files")
    if path.stat().st_size == 0:
        raise InputError(f"{path}: the file is empty (0 bytes); copy it again, or remove it")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as file:
                yield file
    except InputError:
        raise
    except UnidentifiedImageError as error:
        raise InputError(
            f"{path}: not an image; PNG or JPEG was expected: remove it, or save it again"
        ) from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise InputError(
            f"{path}: too large an image ({first_line(error)}); save it with fewer pixels"
        ) from error
    except Exception as error:  # whatever a damaged file makes Pillow raise
        raise InputError(
            f"{path}: the image cannot be read ({first_line(error)}); save it again"
        ) from error


def _eight_bits(image: Image.Image, path: Path) -> Image.Image:
    """Greys of more than eight bits, their own range stretched over 0 to 255."""
    values = np.asarray(image, "float64")
    if not np.isfinite(values).all():
        raise InputError(f"{path}: a pixel is NaN or infinite; save the image again")
    low, high = values.min(), values.max()
    return Image.fromarray(np.uint8(np.round((values - low) / max(high - low, 1e-12) * 255)))


def _on_paper(image: Image.Image) -> Image.Image:
    """What is transparent becomes white, or black where the ink itself is light."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image
    image = image.convert("RGBA")
    ink, alpha = np.asarray(image.convert("L"), float), np.asarray(image.getchannel("A"), float)
    is_light = (ink * alpha).sum() > 127.5 * alpha.sum()
    paper = Image.new("RGBA", image.size, "black" if is_light else "white")
    return Image.alpha_composite(paper, image)
