"""A dataset: three splits of arrays, the names of the classes, and where it all came from."""

from dataclasses import dataclass

import numpy as np

from dnn_tf.data.checks import check_features, check_labels, check_rows
from dnn_tf.data.images import ImageFormat


@dataclass(frozen=True, eq=False)
class Split:
    """Samples and their labels, row by row.

    Args:
        x: features, `(samples, ...)`.
        y: labels, `(samples,)`.
    """

    x: np.ndarray
    y: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", np.asarray(self.x))
        object.__setattr__(self, "y", np.asarray(self.y))

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training, validation and test data for a classifier.

    Args:
        train: what the weights are fitted to.
        validation: what choices are made by; may be left out.
        test: what the result is told by; may be left out.
        class_names: the name of class 0, 1, ...; none where the labels are no classes.
        source: one line that says where the data came from.
        image_format: how an image becomes a row of `x`, if the rows were images.

    Raises:
        InputError: rows and labels that do not match, an empty split, a NaN or infinity, a label
            that is no class number; the message names the first offending row.

    >>> digits = Split(np.eye(4), np.array([0, 1, 1, 0]))
    >>> data = Dataset(digits, class_names=("zero", "one"))
    >>> len(data.train), data.n_classes
    (4, 2)
    """

    train: Split
    validation: Split | None = None
    test: Split | None = None
    class_names: tuple[str, ...] = ()
    source: str = "arrays given by the caller"
    image_format: ImageFormat | None = None

    def __post_init__(self) -> None:
        for name, split in self.splits().items():
            check_features(split.x, name)
            check_rows(split.x, split.y, name)
            if self.class_names:
                check_labels(split.y, self.n_classes, name)

    @property
    def n_classes(self) -> int:
        """How many classes there are names for."""
        return len(self.class_names)

    def splits(self) -> dict[str, Split]:
        """The splits that are there, by name."""
        named = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: split for name, split in named.items() if split is not None}
