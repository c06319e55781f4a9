"""Which labels a classifier can tell apart and put in order."""

import numpy as np

from dnn_tf.types import InputError


def check_one_kind(labels: np.ndarray, name: str) -> None:
    """All of them text, or all of them plain numbers.

    Args:
        labels: `(rows,)`.
        name: what the caller calls them.

    Raises:
        InputError: bytes, or objects that are not all text.

    >>> check_one_kind(np.array([b"a", b"b"]), "y")
    Traceback (most recent call last):
    dnn_tf.types.InputError: y holds bytes, and text or numbers were expected: decode them, as in \
[label.decode() for label in y]
    """
    if labels.dtype.kind not in "OS":
        return
    kinds = {type(label) for label in labels.ravel().tolist()}
    if any(issubclass(kind, bytes) for kind in kinds):
        raise InputError(
            f"{name} holds bytes, and text or numbers were expected: decode them, as in "
            f"[label.decode() for label in {name}]"
        )
    if not all(issubclass(kind, str) for kind in kinds):
        found = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise InputError(  # in the first words, by which scikit-learn's own checks know it
            f"Unknown label type: {name} holds Python objects ({found}), and an array of text or "
            f"of numbers was expected: convert it, as in {name}.astype(str) or "
            f"{name}.astype(int), or drop odd rows"
        )
