"""Rows that are held out, to see when training has learnt what carries over."""

import numpy as np
from sklearn.model_selection import train_test_split

from dnn_tf.types import InputError, first_line


def held_out(
    n_rows: int, fraction: float, seed: int, classes: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the rows that train, and of those that validate.

    Args:
        n_rows: there are so many.
        fraction: of them that validates.
        seed: of the choice.
        classes: the class of every row: each gets its share of either part.

    Raises:
        InputError: too few rows, of all or of a class.

    >>> train, validation = held_out(10, 0.2, seed=0)
    >>> len(train), len(validation)
    (8, 2)
    """
    try:
        train, validation = train_test_split(
            np.arange(n_rows), test_size=fraction, random_state=seed, stratify=classes
        )
    except ValueError as error:  # scikit-learn's rules for shares of few rows
        raise InputError(
            f"validation_fraction={fraction} of {n_rows} rows cannot be held out for early "
            f"stopping ({first_line(error).rstrip('.')}): give fit validation_data, another "
            "validation_fraction, or early_stopping=None"
        ) from error
    return train, validation
