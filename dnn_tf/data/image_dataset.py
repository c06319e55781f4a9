"""From splits of pixels to a dataset."""

from collections.abc import Mapping

from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.data.images import ImageFormat
from dnn_tf.data.memory import check_fits

_BYTES_A_FEATURE = 4
"""float32; the pixels are bytes."""


def image_dataset(
    pixels: Mapping[str, Split],
    class_names: tuple[str, ...],
    source: str,
    image_format: ImageFormat,
) -> Dataset:
    """The splits with their pixels scaled, as a dataset of that format.

    Args:
        pixels: by the names of the splits; each `x` is uint8 `(n, height, width, channels)`.
        class_names, source, image_format: see `Dataset`.

    Raises:
        InputError: more features than the memory holds; see `Dataset`.

    >>> import numpy as np
    >>> pixels = Split(np.full((2, 4, 4, 1), 255, "uint8"), np.array([0, 1]))
    >>> splits = dict.fromkeys(("train", "validation", "test"), pixels)
    >>> data = image_dataset(splits, ("a", "b"), "white paper", ImageFormat.of(pixels.x))
    >>> data.test.x.shape, data.test.x.max()
    ((2, 16), np.float32(1.0))
    """
    n_pixels = sum(split.x.size for split in pixels.values())
    check_fits(_BYTES_A_FEATURE * n_pixels, f"{source}, as features", "take smaller images")
    splits = {
        name: Split(image_format.features(split.x), split.y) for name, split in pixels.items()
    }
    return Dataset(**splits, class_names=class_names, source=source, image_format=image_format)
