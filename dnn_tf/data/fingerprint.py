"""Which data it was, as one number for the record of a run."""

import hashlib

import numpy as np

from dnn_tf.data.dataset import Dataset
from dnn_tf.data.stream import Stream

ROWS_AT_ONCE = 4096
"""So many rows at most are copied, where an array is not in one piece."""


def fingerprint(data: Dataset) -> str:
    """SHA-256 over the arrays of all splits: names, dtypes, shapes and bytes.

    Of a `Stream` its identity counts: the checksums of its shards, say, and not all of its rows.

    The same on any machine of the same byte order. Class names, source and image format do not
    count.

    Returns:
        64 hexadecimal digits.

    >>> from dnn_tf.data import Split
    >>> fingerprint(Dataset(Split(np.eye(2, dtype="float32"), np.arange(2))))[:16]
    'bba2dd0ad64f28ad'
    """
    digest = hashlib.sha256()
    for name, split in data.splits().items():
        if isinstance(split, Stream):
            digest.update(f"{name} {split.identity}\n".encode())
            continue
        for array_name, array in (("x", split.x), ("y", split.y)):
            title = f"{name}.{array_name} {array.dtype.str} {array.shape}\n"
            digest.update(title.encode())
            for start in range(0, len(array), ROWS_AT_ONCE):
                rows = np.ascontiguousarray(array[start : start + ROWS_AT_ONCE])
                digest.update(rows.reshape(-1).view("uint8").data)
    return digest.hexdigest()
