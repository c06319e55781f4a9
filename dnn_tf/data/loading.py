"""From a name to a dataset."""

import warnings

import numpy as np

from dnn_tf.data import mnist, sample, tfds
from dnn_tf.data.cache import Arrays
from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.data.images import ImageFormat
from dnn_tf.types import InputError


def load(name: str = "mnist", *, flat: bool = True) -> Dataset:
    """A dataset by name.

    | name | what it is |
    | --- | --- |
    | `mnist` | TFDS `mnist`: 55,000 images to train, the first 5,000 of the original file to \
validate, 10,000 to test. Where TFDS cannot get it, the sample below, and a warning says so |
    | `mnist-sample` | real MNIST digits that come with this package: 4,500 / 500 / 1,000 |
    | `tfds:NAME` | any image classification set of TFDS (`tfds:mnist` is the full set or an \
error); the last tenth of its training images validates |

    A set of TFDS is looked for in `$TFDS_DATA_DIR`, else in `~/tensorflow_datasets`, and is
    downloaded where it is not there. Decoded images are kept in `$DNN_TF_CACHE`, else in the
    user's cache directory. `$DNN_TF_OFFLINE`, if set, keeps it from trying the network.

    Args:
        name: one of the above.
        flat: whether a sample is a row of pixels, `(784,)` for MNIST, or an image, `(28, 28, 1)`.

    Returns:
        Pixels scaled to 0 to 1 as float32, labels as int64; `source` says where they came from.

    Raises:
        InputError: no such name; a set that cannot be had, or is damaged.

    >>> data = load("mnist-sample")
    >>> [(name, split.x.shape) for name, split in data.splits().items()]
    [('train', (4500, 784)), ('validation', (500, 784)), ('test', (1000, 784))]
    """
    if name == "mnist-sample":
        return _dataset(sample.read(), mnist.DIGITS, sample.SOURCE, sample.VALIDATION, flat)
    if name == "mnist":
        try:
            arrays, class_names, source = tfds.read("mnist")
        except tfds.UnavailableError as error:
            warnings.warn(f"{error}. Meanwhile the {sample.SOURCE} serves.", stacklevel=2)
            return load("mnist-sample", flat=flat)
        return _dataset(arrays, class_names, source, mnist.VALIDATION, flat)
    kind, _, tfds_name = name.partition(":")
    if kind == "tfds" and tfds_name:
        arrays, class_names, source = tfds.read(tfds_name)
        tenth = mnist.VALIDATION if tfds_name == "mnist" else len(arrays["train_labels"]) // 10
        return _dataset(arrays, class_names, source, tenth, flat)
    raise InputError(
        f"no dataset is called {name!r}: take mnist, mnist-sample, or tfds:NAME, "
        "such as tfds:fashion_mnist"
    )


def _dataset(
    arrays: Arrays, class_names: tuple[str, ...], source: str, n_validation: int, flat: bool
) -> Dataset:
    images, labels = arrays["train_images"], arrays["train_labels"]
    image_format = ImageFormat.of(images, flat)

    def split(images: np.ndarray, labels: np.ndarray) -> Split:
        return Split(image_format.features(images), labels)

    return Dataset(
        train=split(images[n_validation:], labels[n_validation:]),
        validation=split(images[:n_validation], labels[:n_validation]),
        test=split(arrays["test_images"], arrays["test_labels"]),
        class_names=class_names,
        source=source,
        image_format=image_format,
    )
