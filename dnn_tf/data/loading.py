"""From a name or a path to a dataset."""

import os
import warnings
from pathlib import Path

from dnn_tf.arguments import check_whole
from dnn_tf.data import csv_file, image_folder, mnist, npz_file, sample, tfds, tfrecord_dataset
from dnn_tf.data.cache import Arrays
from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.data.fitting import fit_features, fit_splits
from dnn_tf.data.image_dataset import image_dataset
from dnn_tf.data.images import ImageFormat
from dnn_tf.data.splitting import together
from dnn_tf.types import InputError

KNOWN = (
    "mnist, mnist-sample, or tfds:NAME, such as tfds:fashion_mnist; or the path of a .csv or .npz "
    "file, or of a folder of images by class or of TFRecord shards"
)


def load(
    where: str | Path = "mnist",
    *,
    flat: bool = True,
    label: str | None = None,
    size: int | tuple[int, int] | None = None,
    seed: int = 42,
    image_format: ImageFormat | None = None,
    splits: bool = True,
) -> Dataset:
    """A dataset by name, or from a file or folder of your own.

    | name or path | what it is |
    | --- | --- |
    | `mnist` | TFDS `mnist`: 55,000 images to train, the first 5,000 of the original file to \
validate, 10,000 to test. Where TFDS cannot get it, the sample below, and a warning says so |
    | `mnist-sample` | real MNIST digits that come with this package: 4,500 / 500 / 1,000 |
    | `tfds:NAME` | any image classification set of TFDS (`tfds:mnist` is the full set or an \
error); the first tenth of its training images validates |
    | `*.csv` | a header, a column `label` of text or whole numbers, other columns of numbers; \
commas, semicolons or tabs |
    | `*.npz` | `x_train`, `y_train`, ... `_validation` (or `_val`), ... `_test`; or `x` and `y`; \
`class_names` if there are |
    | a folder | of images in one folder a class; above these there may be `train`, `validation` \
(or `val`) and `test` |
    | a folder | that `write_tfrecords` has written: its training rows are a `Stream`, the others \
are read into memory |

    A name comes before a file that is called alike: write `./mnist` for that. Where a file or
    folder has no validation or test split, a tenth and a fifth of the training rows of each class
    are drawn for them, the same ones by the same seed. Image pixels are scaled to 0 to 1; other
    numbers stay as they are.

    A set of TFDS is looked for in `$TFDS_DATA_DIR`, else in `~/tensorflow_datasets`, and is
    downloaded where it is not there. Decoded images are kept in `$DNN_TF_CACHE`, else in the
    user's cache directory. `$DNN_TF_OFFLINE`, if set, keeps it from trying the network.

    Args:
        where: one of the above.
        flat: whether a sample is a row of numbers, `(784,)` for MNIST, or keeps its shape,
            `(28, 28, 1)`.
        label: of a CSV file, the column of the labels. Default `"label"`.
        size: of a folder of images, pixels a side or `(height, width)`. Default: the size that all
            have, up to 256 a side; else their median, up to 64 a side.
        seed: of the draw of validation and test rows, where there is one.
        image_format: what a trained network expects, in place of flat and size. Images of any
            source are made so: grey or coloured, resized, and inverted where their background is
            the other one, unless 99 in 100 of all splits have the right one: then none is. uint8
            rows of as many numbers are such images too. Other numbers are only reshaped.
        splits: `False` for data that are only measured: all rows are in `train`, and one class, or
            one row, is enough. Classes without rows are left out of `class_names`.

    Returns:
        Features as float32, labels as int64; `source` says where they came from, and what was done
        to images to fit them to `image_format`.

    Raises:
        InputError: no such name or path; a set that cannot be had, or is damaged; data that cannot
            be trained on, or not be fitted to `image_format`. The message names the first offending
            line, row or file.

    >>> data = load("mnist-sample")
    >>> [(name, split.x.shape) for name, split in data.splits().items()]
    [('train', (4500, 784)), ('validation', (500, 784)), ('test', (1000, 784))]
    """
    is_name = _is_name(where)
    check_whole(0, seed=seed)
    if not isinstance(image_format, ImageFormat | None):
        raise InputError(
            f"image_format is an ImageFormat, as in ImageFormat(28, 28), and got {image_format!r}"
        )
    if is_name:
        _check_unused(where, label=label, size=size)
        pixels, class_names, source = _known(str(where))
        return _dataset(pixels, class_names, source, flat, image_format, splits)
    path = Path(where)
    if image_format is not None:
        _check_unused(f"{where} with an image_format", size=size)
    if os.path.isdir(where):  # noqa: PTH112 (False for what no path can be)
        _check_unused(where, label=label)
        if tfrecord_dataset.holds_shards(path):
            _check_unused(where, size=size)
            return tfrecord_dataset.read(path, flat, image_format, splits)
        return image_folder.read(path, flat, size, seed, image_format, splits)
    if not os.path.isfile(where):  # noqa: PTH113
        raise InputError(
            f"no dataset is called {str(where)!r}, and no file or folder: take {KNOWN}"
        )
    if path.suffix.lower() == ".csv":
        _check_unused(where, size=size)
        data = csv_file.read(path, label or "label", seed, splits)
        return data if image_format is None else fit_features(data, image_format)
    if path.suffix.lower() == ".npz":
        _check_unused(where, label=label, size=size)
        return npz_file.read(path, flat, seed, image_format, splits)
    raise InputError(f"{where} is no dataset by its ending: take {KNOWN}")


def located(where: str | Path) -> str:
    """What `load` would read, from any working folder.

    Args:
        where: a name or a path, as `load` takes it.

    Returns:
        A name as it is, else the absolute path of a file or folder; what is neither, as it is, for
        `load` to refuse.

    Raises:
        InputError: neither text nor a path.

    >>> located("mnist")
    'mnist'
    """
    if _is_name(where):
        return str(where)
    if os.path.exists(where) or _is_name(str(where)):  # noqa: PTH110 (Path("mnist") is no name)
        return str(Path(where).absolute())
    return str(where)


def _is_name(where: str | Path) -> bool:
    """Whether it names a dataset; a `Path` never does."""
    if not isinstance(where, str | Path):
        raise InputError(f"where is a name or a path, and got {where!r}: take {KNOWN}")
    if isinstance(where, Path):
        return False
    kind, _, tfds_name = where.partition(":")
    return where in ("mnist", "mnist-sample") or (kind == "tfds" and tfds_name != "")


def _check_unused(where: str | Path, **options: object) -> None:
    """What cannot be honoured is refused."""
    for name, option in options.items():
        if option is not None:
            raise InputError(f"{where} takes no {name}, and got {option!r}: leave it out")


def _known(name: str) -> tuple[dict[str, Split], tuple[str, ...], str]:
    """The pixels of a dataset that has a name, its classes, and its source."""
    if name == "mnist-sample":
        return _divided(sample.read(), sample.VALIDATION), mnist.DIGITS, sample.SOURCE
    try:
        arrays, class_names, source = tfds.read(name.removeprefix("tfds:"))
    except tfds.UnavailableError as error:
        if name != "mnist":
            raise
        warnings.warn(f"{error}. Meanwhile the {sample.SOURCE} serves.", stacklevel=3)
        return _known("mnist-sample")
    is_mnist = name in ("mnist", "tfds:mnist")
    n_validation = mnist.VALIDATION if is_mnist else len(arrays["train_labels"]) // 10
    return _divided(arrays, n_validation), class_names, source


def _divided(arrays: Arrays, n_validation: int) -> dict[str, Split]:
    images, labels = arrays["train_images"], arrays["train_labels"]
    return {
        "train": Split(images[n_validation:], labels[n_validation:]),
        "validation": Split(images[:n_validation], labels[:n_validation]),
        "test": Split(arrays["test_images"], arrays["test_labels"]),
    }


def _dataset(
    pixels: dict[str, Split],
    class_names: tuple[str, ...],
    source: str,
    flat: bool,
    image_format: ImageFormat | None,
    splits: bool,
) -> Dataset:
    if image_format is None:
        image_format = ImageFormat.of(*(split.x for split in pixels.values()), flat=flat)
    else:
        pixels, remark = fit_splits(pixels, image_format)
        source = f"{source}, {remark}" if remark else source
    if not splits:
        rows, class_names = together(pixels, class_names)
        pixels = {"train": rows}
    return image_dataset(pixels, class_names, source, image_format)
