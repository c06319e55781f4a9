"""A dataset: three splits of arrays, the names of the classes, and where it all came from."""

from dataclasses import dataclass

import numpy as np

from dnn_tf.data.arrays import as_array
from dnn_tf.data.checks import (
    check_every_class,
    check_features,
    check_labels,
    check_rows,
    check_same_shape,
    check_targets,
)
from dnn_tf.data.images import ImageFormat
from dnn_tf.types import InputError


@dataclass(frozen=True, eq=False)
class Split:
    """Samples and their labels, row by row.

    Args:
        x: features, `(samples, ...)`.
        y: labels, `(samples,)`.

    Raises:
        InputError: rows of different shapes, or masked values; the message names the first.
    """

    x: np.ndarray
    y: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", as_array(self.x, "x"))
        object.__setattr__(self, "y", as_array(self.y, "y"))

    def __len__(self) -> int:
        return len(self.x)

    @property
    def x_shape(self) -> tuple[int, ...]:
        """Of one row of x."""
        return self.x.shape[1:]

    @property
    def y_shape(self) -> tuple[int, ...]:
        """Of one row of y."""
        return self.y.shape[1:]

    @property
    def is_read_on_the_way(self) -> bool:
        """Whether its rows are in no memory, so that they are checked where they are used."""
        return False


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training, validation and test data for a classifier.

    Args:
        train: what the weights are fitted to. A `Stream`, where memory does not hold its rows:
            these are checked when they are read.
        validation: what choices are made by; may be left out.
        test: what the result is told by; may be left out.
        class_names: the name of class 0, 1, ...; none where the labels are no classes.
        source: one line that says where the data came from.
        image_format: how an image becomes a row of `x`, if the rows were images.

    Raises:
        InputError: rows and labels that do not match, an empty split, no numbers, a NaN or
            infinity, a label that is no class number, a class without a training example, splits
            with different features; the message names the first offending row.

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
        for name in ("train", "validation", "test"):
            split = getattr(self, name)
            if not isinstance(split, Split) and (split is not None or name == "train"):
                raise InputError(f"{name} is a Split(x, y), and got {type(split).__name__}")
        here = {
            name: split for name, split in self.splits().items() if not split.is_read_on_the_way
        }
        for name, split in here.items():
            check_features(split.x, name)
            check_rows(split.x, split.y, name)
            if self.class_names:
                check_labels(split.y, self.n_classes, name)
            else:
                check_targets(split.y, name)
        if self.class_names and "train" in here:
            check_every_class(self.train.y, self.class_names, "train")
        splits = self.splits().items()
        check_same_shape({name: split.x_shape for name, split in splits})
        check_same_shape({name: split.y_shape for name, split in splits}, "label")

    @property
    def n_classes(self) -> int:
        """How many classes there are names for."""
        return len(self.class_names)

    def splits(self) -> dict[str, Split]:
        """The splits that are there, by name."""
        named = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: split for name, split in named.items() if split is not None}
