"""A folder of images, in subfolders by class, as a dataset."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from unicodedata import normalize

import numpy as np
from PIL import Image

from dnn_tf.arguments import as_pair
from dnn_tf.data.classes import UNPRINTABLE, check_two
from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.data.fitting import on_one_background, told
from dnn_tf.data.image_dataset import image_dataset
from dnn_tf.data.image_files import read_image, read_size
from dnn_tf.data.images import ImageFormat
from dnn_tf.data.memory import check_fits
from dnn_tf.data.splitting import arranged
from dnn_tf.types import InputError

SPLITS = {"train": "train", "validation": "validation", "val": "validation", "test": "test"}
"""The folders that may stand above the classes."""

CLUTTER = ("Thumbs.db", "desktop.ini", "__MACOSX", "Icon\r")
"""What systems leave behind; hidden files are passed over too."""

LARGEST_ONE_SIZE = 256
"""Pixels a side that images of one size keep without being asked."""

LARGEST_OF_MANY = 64
"""Pixels a side for images of many sizes."""

BYTES_A_PIXEL = 3 * (1 + 1 + 4)
"""Of three colours: as they are read, as they are split, as features."""


def read(
    path: Path,
    flat: bool = True,
    size: int | tuple[int, int] | None = None,
    seed: int = 42,
    image_format: ImageFormat | None = None,
    splits: bool = True,
) -> Dataset:
    """The images in the subfolders of a folder, each the name of a class.

    Above the classes there may be `train`, `validation` (or `val`) and `test`; what is missing is
    drawn from the training images. All images are made one size, grey if every one of them is, and
    read in the order of their names.

    Args:
        path: the folder.
        flat: whether a sample is one row of pixels or keeps the shape of the image.
        size: pixels a side, or `(height, width)`. Default: that of all images if they have one, up
            to 256 a side; else their median, up to 64 a side.
        seed, splits: see `splitting.arranged`.
        image_format: instead of flat and size, what a trained network expects; images are laid on
            its background as `fitting.on_one_background` says.

    Raises:
        InputError: a file that is no sound image, a name that cannot be printed, a class without
            images, fewer than two classes, or more than fits into memory; the message names the
            file or folder.
    """
    files = _files(path)
    class_names = tuple(sorted({class_name_of(file) for file in files["train"]}))
    if splits:
        check_two(class_names, str(path))
    listed = [file for split in files.values() for file in split]
    if image_format is not None:
        size = image_format.height, image_format.width
    if size is None:
        size = _common_size([read_size(file) for file in listed])
    height, width = as_pair("size", size)
    what = f"{path}, {len(listed)} images of {height} x {width}"
    check_fits(len(listed) * height * width * BYTES_A_PIXEL, what, "give a smaller size")
    given = _numbered(files, _read_all(listed, height, width, image_format), class_names)
    n_inverted = 0
    if image_format is None:
        image_format = ImageFormat.of(*(split.x for split in given.values()), flat=flat)
    else:
        given, n_inverted = on_one_background(given, image_format.dark_background)
    rows, class_names, remark = arranged(given, class_names, seed, str(path), splits=splits)
    source = f"{path} ({told(len(listed), image_format, n_inverted)}; {remark})"
    return image_dataset(rows, class_names, source, image_format)


def _files(path: Path) -> dict[str, list[Path]]:
    """The image files of each split, class after class."""
    folders = subfolders(path)
    names = {folder.name for folder in folders}
    if "train" not in names or not names <= set(SPLITS):
        return {"train": files_by_class(folders)}
    if {"val", "validation"} <= names:
        raise InputError(f"{path}: the folders val and validation mean the same: leave one out")
    files = {SPLITS[folder.name]: files_by_class(subfolders(folder)) for folder in folders}
    known = {class_name_of(file) for file in files["train"]}
    for file in (file for split in files.values() for file in split):
        if class_name_of(file) not in known:
            raise InputError(
                f"{file.parent}: no class of that name is in {path / 'train'}: add training images "
                "of it, or remove the folder"
            )
    return {name: files[name] for name in ("train", "validation", "test") if name in files}


def class_name_of(file: Path) -> str:
    """That of its folder, however the system that wrote it composes accents."""
    return normalize("NFC", file.parent.name)


def subfolders(folder: Path) -> list[Path]:
    """Those of a folder, which holds no image itself."""
    entries = _entries(folder)
    for entry in entries:
        if entry.is_file() and entry.suffix.lower() in Image.registered_extensions():
            raise InputError(
                f"{entry}: an image outside the folders of the classes: move it into the folder of "
                "its class"
            )
    folders = [entry for entry in entries if entry.is_dir()]
    if not folders:
        raise InputError(
            f"{folder}: a folder for each class was expected, and it has none: add them"
        )
    return folders


def files_by_class(folders: Sequence[Path]) -> list[Path]:
    """What lies in these folders, class after class, and nothing else may."""
    files = []
    for folder in folders:
        entries = _entries(folder)
        if not entries:
            raise InputError(f"{folder}: a class without images: add some, or remove the folder")
        for entry in entries:
            if entry.is_dir():
                raise InputError(
                    f"{entry}: a folder inside the folder of a class, where images were expected: "
                    "move its images up, or remove it (above the classes stand train, validation "
                    "and test, and nothing else)"
                )
        files += entries
    return files


def _entries(folder: Path) -> list[Path]:
    """All that a folder holds, clutter aside, in the order of the names."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"{folder} cannot be read ({error.strerror})") from error
    entries = [
        entry for entry in entries if not entry.name.startswith(".") and entry.name not in CLUTTER
    ]
    for entry in entries:
        if UNPRINTABLE.search(entry.name):
            raise InputError(
                f"{folder}: the name {entry.name!r} is not UTF-8, or holds control characters or "
                "line breaks: rename it"
            )
    return entries


def _common_size(sizes: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """`(height, width)` for all.

    >>> _common_size([(28, 28), (28, 28)]), _common_size([(100, 200), (300, 600), (128, 256)])
    ((28, 28), (32, 64))
    """
    limit = LARGEST_ONE_SIZE if len(set(sizes)) == 1 else LARGEST_OF_MANY
    height, width = np.median(np.array(sizes), axis=0)
    shrink = min(1.0, limit / max(height, width))
    return max(1, round(height * shrink)), max(1, round(width * shrink))


def _read_all(
    files: Sequence[Path], height: int, width: int, image_format: ImageFormat | None
) -> np.ndarray:
    """uint8 `(n, height, width, channels)`: as given, or 3, or 1 if no image has a colour."""
    channels = 3 if image_format is None else image_format.channels
    pixels = np.empty((len(files), height, width, channels), "uint8")
    for row, file in enumerate(files):
        pixels[row] = read_image(file, height, width, channels)
    if image_format is not None:
        return pixels
    grey = all((image == image[..., :1]).all() for image in pixels)
    return np.ascontiguousarray(pixels[..., :1]) if grey else pixels


def _numbered(
    files: Mapping[str, Sequence[Path]], pixels: np.ndarray, class_names: Sequence[str]
) -> dict[str, Split]:
    """The pixels of all files, one after the other, by split and with the number of their class."""
    numbers = {name: number for number, name in enumerate(class_names)}
    ends = np.cumsum([len(split) for split in files.values()])
    return {
        name: Split(part, np.array([numbers[class_name_of(file)] for file in split]))
        for (name, split), part in zip(files.items(), np.split(pixels, ends[:-1]), strict=True)
    }
