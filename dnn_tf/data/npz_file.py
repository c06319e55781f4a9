"""NumPy arrays in an `.npz` file, as a dataset."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import is_zipfile

import numpy as np

from dnn_tf.data.cache import Arrays
from dnn_tf.data.checks import check_features, check_labels, check_rows, check_same_shape
from dnn_tf.data.classes import (
    check_names,
    check_two,
    list_some,
    numbered,
    numbers_of_names,
)
from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.data.fitting import fit_features, fit_splits, size_of
from dnn_tf.data.image_dataset import image_dataset
from dnn_tf.data.images import ImageFormat
from dnn_tf.data.memory import check_fits
from dnn_tf.data.splitting import arranged
from dnn_tf.types import InputError, first_line

ENDINGS = {
    "train": ("", "_train"),
    "validation": ("_validation", "_val"),
    "test": ("_test",),
}
"""Of the keys: `x_train` and `y_train`, or `x` and `y` alone, and so on."""


def read(
    path: Path,
    flat: bool = True,
    seed: int = 42,
    image_format: ImageFormat | None = None,
    splits: bool = True,
) -> Dataset:
    """The arrays of an `.npz` file; the splits that it lacks are drawn from its training rows.

    Its keys are `x_train`, `y_train`, and as it has them `x_validation`, `y_validation` (or
    `x_val`, `y_val`), `x_test`, `y_test`; or only `x` and `y`. Labels are class numbers or text;
    `class_names` may name the classes. uint8 of the shape `(n, height, width)`, or with 1 or 3
    channels at the end, are images, scaled to 0 to 1; all else is taken as it is, as float32.

    Args:
        path: the file.
        flat: whether a sample becomes one row of numbers or keeps its shape.
        seed, splits: see `splitting.arranged`.
        image_format: instead of flat, what a trained network expects of images; they are made so.
            uint8 rows of as many numbers as it has pixels are such images too; of other rows only
            the shape is changed.

    Raises:
        InputError: a damaged file, keys that are missing, arrays that cannot be used, or not by
            such a network. Pickled objects are never loaded.
    """
    if not is_zipfile(path):
        raise InputError(
            f"{path} is no .npz archive: it is damaged, or another kind of file; write it again "
            "with np.savez"
        )
    arrays, keys = _arrays(path)
    given = _splits(arrays, keys, path)
    _check(given, path)
    given, class_names = _numbered(given, arrays.get("class_names"), path, gaps=not splits)
    if splits:
        check_two(class_names, str(path))
    remarks = []
    if image_format is not None and _are_pixel_rows(given, image_format, path):
        shape = image_format.image_shape
        given = {name: Split(split.x.reshape(-1, *shape), split.y) for name, split in given.items()}
        remarks += [f"rows of {math.prod(shape):,} bytes as {size_of(image_format)} pixels"]
    if images := all(_is_image(split.x) for split in given.values()):
        given = {name: Split(_with_channels(split.x), split.y) for name, split in given.items()}
        if image_format is not None:
            given, remark = fit_splits(given, image_format)
            remarks += [remark] if remark else []
    rows, class_names, remark = arranged(given, class_names, seed, str(path), splits=splits)
    source = f"{path} ({'; '.join([*remarks, remark])})"
    if images:
        image_format = image_format or ImageFormat.of(
            *(split.x for split in given.values()), flat=flat
        )
        return image_dataset(rows, class_names, source, image_format)
    flat = flat and image_format is None
    rows = {name: Split(_as_features(split.x, flat), split.y) for name, split in rows.items()}
    data = Dataset(**rows, class_names=class_names, source=source, image_format=None)
    return data if image_format is None else fit_features(data, image_format)


def _arrays(path: Path) -> tuple[Arrays, list[str]]:
    """The arrays that have a key of ours, and all keys."""
    known = {f"{letter}{end}" for letter in "xy" for ends in ENDINGS.values() for end in ends}
    known |= {"class_names"}
    key = ""
    try:
        # Opened here: NumPy leaves a file open that turns out to be damaged.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            check_fits(sum(entry.file_size for entry in archive.zip.infolist()), str(path))
            keys, arrays = archive.files, {}
            for key in sorted(known & set(keys)):
                arrays[key] = archive[key]
    except InputError:
        raise
    except Exception as error:  # whatever a damaged file makes NumPy, zipfile or zlib raise
        if "allow_pickle" in str(error) and key:
            raise InputError(
                f"{path}: {key!r} holds Python objects, which are never loaded: save it as numbers "
                f"or text, as in {key}.astype('float32')"
            ) from error
        place = f" at {key!r}" if key else ""
        raise InputError(
            f"{path} cannot be read{place} ({first_line(error)}): the file is damaged; write it "
            "again with np.savez"
        ) from error
    return arrays, keys


def _splits(arrays: Arrays, keys: Sequence[str], path: Path) -> dict[str, Split]:
    """The pairs of `x` and `y`, by split."""
    found = list_some(keys) or "nothing"
    splits = {}
    for name, ends in ENDINGS.items():
        used = [end for end in ends if {f"x{end}", f"y{end}"} & set(arrays)]
        if len(used) > 1:
            raise InputError(
                f"{path}: x{used[0]} and x{used[1]} are both for {name}, and the file holds "
                f"{found}: leave one out"
            )
        for end in used:
            if missing := {f"x{end}", f"y{end}"} - set(arrays):
                raise InputError(
                    f"{path}: no key {missing.pop()!r}, and the file holds {found}: write x and y "
                    "in pairs"
                )
            splits[name] = Split(arrays[f"x{end}"], arrays[f"y{end}"])
    if "train" not in splits:
        raise InputError(
            f"{path}: x_train and y_train, or x and y, were expected, and the file holds {found}: "
            "rename the keys"
        )
    return splits


def _check(splits: Mapping[str, Split], path: Path) -> None:
    """What a split must be before rows are drawn from it, so that an error has the file's rows."""
    for name, split in splits.items():
        check_features(split.x, f"{path}, {name}")
        check_rows(split.x, split.y, f"{path}, {name}")
    check_same_shape({f"{path}, {name}": split.x_shape for name, split in splits.items()})


def _numbered(
    splits: Mapping[str, Split], given_names: np.ndarray | None, path: Path, gaps: bool
) -> tuple[dict[str, Split], tuple[str, ...]]:
    """The splits with class numbers for labels, and the names of the classes.

    Numbers without names may have gaps, or not.
    """
    class_names = () if given_names is None else tuple(str(name) for name in given_names.ravel())
    check_names(class_names, f"{path}: class_names")
    y = {}
    if all(split.y.dtype.kind == "U" and split.y.ndim == 1 for split in splits.values()):
        texts = {name: split.y.tolist() for name, split in splits.items()}
        class_names = class_names or tuple(sorted(set().union(*texts.values())))
        for name, labels in texts.items():
            y[name] = numbers_of_names(labels, class_names, f"{path}, {name}")
    else:
        for name, split in splits.items():
            check_labels(split.y, len(class_names) or None, f"{path}, {name}")
        labels = np.concatenate([split.y for split in splits.values()])
        if class_names:
            numbers = labels.astype("int64")
        else:
            numbers, class_names = numbered(labels, str(path), gaps=gaps)
        ends = np.cumsum([len(split) for split in splits.values()])
        y = dict(zip(splits, np.split(numbers, ends[:-1]), strict=True))
    return {name: Split(split.x, y[name]) for name, split in splits.items()}, class_names


def _are_pixel_rows(splits: Mapping[str, Split], image_format: ImageFormat, path: Path) -> bool:
    """Whether they are bytes, a row an image of that format.

    Raises:
        InputError: only those of some splits are, so that some would be scaled and others not.
    """
    n_pixels = math.prod(image_format.image_shape)
    of_bytes = {name: split.x.dtype == np.uint8 for name, split in splits.items()}
    if len(set(of_bytes.values())) > 1:
        types = ", ".join(f"{name} {split.x.dtype}" for name, split in splits.items())
        raise InputError(
            f"{path}: the splits hold {types}, and images of one type were expected: save all as "
            "uint8, or none"
        )
    return all(of_bytes.values()) and all(
        split.x.shape[1:] == (n_pixels,) for split in splits.values()
    )


def _is_image(x: np.ndarray) -> bool:
    return x.dtype == np.uint8 and (x.ndim == 3 or (x.ndim == 4 and x.shape[-1] in (1, 3)))


def _with_channels(images: np.ndarray) -> np.ndarray:
    return images if images.ndim == 4 else images[..., None]


def _as_features(x: np.ndarray, flat: bool) -> np.ndarray:
    rows = x.astype("float32", copy=False)
    return rows.reshape(len(rows), -1) if flat else rows
