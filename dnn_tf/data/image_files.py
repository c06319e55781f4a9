"""Image files as the pixels that a network expects."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from dnn_tf.data.fitting import match_background, resized
from dnn_tf.data.images import ImageFormat
from dnn_tf.types import InputError, first_line

_ORIENTATION = 274
"""The EXIF tag; from 5 on the camera was held on its side."""

_FLAT = 1 / 8
"""Of the lightest grey: a smaller range is grain, no drawing."""

_WHITES = (1.0, 255.0, 4095.0, 65535.0)
"""Of floats, and of 8, 12 and 16 bits."""

_DRAFT = 3
"""So many times the size wanted, or more, a JPEG is decoded at: its greys differ by 1 of 255."""


def read_images(
    paths: Sequence[str | Path], image_format: ImageFormat
) -> tuple[np.ndarray, list[bool]]:
    """Image files of any size as the pixels that a network was trained on.

    Each is turned the way its camera says, laid on paper where it is transparent, made grey if the
    network knows no colours, resized, and inverted where its background is light and the network
    was trained on dark ones (or the other way round). The background is judged image by image, by
    the outermost pixels alone: crop a dark frame.

    Args:
        paths: files that Pillow reads: PNG, JPEG and others.
        image_format: what the network expects.

    Returns:
        The pixels, uint8 `(n, height, width, channels)`, and for each file whether it was inverted.

    Raises:
        InputError: a file that is missing or no image; the message names it.
    """
    pixels = np.empty((len(paths), *image_format.image_shape), "uint8")
    for row, path in enumerate(paths):
        pixels[row] = read_image(Path(path), *image_format.image_shape)
    pixels, inverted = match_background(pixels, image_format.dark_background)
    return pixels, inverted.tolist()


def read_image(path: Path, height: int, width: int, channels: int) -> np.ndarray:
    """One image file, as pixels of that size: uint8 `(height, width, channels)`.

    Raises:
        InputError: see `read_images`.
    """
    with _opened(path) as file:
        gap = _DRAFT * max(height, width)
        file.draft(None, (gap, gap))  # a camera's JPEG is decoded at 1/8, 11 times as fast
        image = ImageOps.exif_transpose(file)
        if image.mode.startswith("I;16") or image.mode in ("I", "F"):
            image = _eight_bits(image, path)
        return resized(_on_paper(image), height, width, channels)


def read_size(path: Path) -> tuple[int, int]:
    """`(height, width)` of an image file as one sees it, from its first bytes alone.

    Raises:
        InputError: see `read_images`.
    """
    with _opened(path) as file:
        # Only JPEG keeps it at the start, and a camera writes no other (MPO is several in one).
        on_its_side = file.format in ("JPEG", "MPO") and file.getexif().get(_ORIENTATION, 1) >= 5
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
                if file.format == "EPS":  # a program, which Pillow gives to Ghostscript to run
                    raise InputError(f"{path}: an EPS drawing; save it as PNG")
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
    """Greys of more than eight bits, their own range stretched over 0 to 255.

    A file does not tell how many of its bits are used. What has little contrast beside its lightest
    grey, as blank paper with its grain has, is left so: white is then that of 8, 12 or 16 bits, or
    1 of floats.
    """
    values = np.asarray(image, "float64")
    if not np.isfinite(values).all():
        raise InputError(f"{path}: a pixel is NaN or infinite; save the image again")
    low, high = values.min(), values.max()
    if high - low <= _FLAT * max(high, 0):
        whites = _WHITES if image.mode == "F" else _WHITES[1:]
        low, high = 0.0, next((white for white in whites if high <= white), high)
    greys = (values - low) / (high - low) * 255
    return Image.fromarray(np.uint8(np.round(np.clip(greys, 0, 255))))


def _on_paper(image: Image.Image) -> Image.Image:
    """What is transparent becomes white, or black where the ink itself is light."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image
    image = image.convert("RGBA")
    ink, alpha = np.asarray(image.convert("L"), float), np.asarray(image.getchannel("A"), float)
    is_light = (ink * alpha).sum() > 127.5 * alpha.sum()
    paper = Image.new("RGBA", image.size, "black" if is_light else "white")
    return Image.alpha_composite(paper, image)
