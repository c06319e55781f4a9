"""MNIST in its own order.

TFDS stores examples in the order of a hash of their number. The reference validates on the first
5,000 images of the original file, and the document predicts the first 20 test images; to mean the
same images by that, the order of the original files is restored.
"""

import numpy as np

from dnn_tf.data.cache import Arrays

VALIDATION = 5_000
DIGITS = tuple("0123456789")

FIRST_LABELS = {
    "train": (5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6, 1, 7, 2, 8, 6, 9),
    "test": (7, 2, 1, 0, 4, 1, 4, 9, 5, 9, 0, 6, 9, 0, 1, 5, 9, 7, 3, 4),
}
"""Of the original files. Where they do not come out, the order of TFDS is left as it is."""


def in_original_order(arrays: Arrays) -> Arrays:
    """The images and labels of both splits as in the original files."""
    from tensorflow_datasets.core import hashing

    ordered = dict(arrays)
    for split, first in FIRST_LABELS.items():
        images, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
        hasher = hashing.Hasher(split)
        stored = sorted(range(len(labels)), key=hasher.hash_key)  # stored[i]: the number of row i
        rows = np.argsort(stored)
        if tuple(labels[rows[: len(first)]]) == first:
            ordered[f"{split}_images"], ordered[f"{split}_labels"] = images[rows], labels[rows]
    return ordered
