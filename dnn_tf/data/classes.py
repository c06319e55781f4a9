"""From the labels of a file to class numbers and the names of the classes."""

import re
from collections.abc import Sequence

import numpy as np

from dnn_tf.types import InputError

MISSING = frozenset({"", "na", "n/a", "nan", "null"})
"""What programs write where there is no label, in any case."""

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Control characters, line breaks, and what Python makes of bytes that are not UTF-8."""


def numbered(
    y: np.ndarray, where: str, lines: Sequence[int] = (), gaps: bool = False
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Class numbers, and the names of the classes, which are the numbers that were given.

    Args:
        y: whole numbers, 0 or more, `(rows,)`.
        where: the name of the source in an error.
        lines: the number of each row's line, if the source has lines.
        gaps: whether numbers may be missing; the others are then numbered anew.

    Raises:
        InputError: no row has a number that is smaller than the largest.

    >>> numbered(np.array([0.0, 2.0, 1.0]), "pets.csv")
    (array([0, 2, 1]), ('0', '1', '2'))
    >>> numbered(np.array([7, 3, 7]), "digits.npz", gaps=True)
    (array([1, 0, 1]), ('3', '7'))
    """
    present, numbers = np.unique(y, return_inverse=True)
    missing = np.flatnonzero(present != np.arange(len(present)))
    if len(missing) and not gaps:
        row = np.flatnonzero(y > missing[0])[0]
        place = f", line {lines[row]}: the label is {y[row]:.15g}, but" if lines else ":"
        raise InputError(
            f"{where}{place} class {missing[0]} has no examples, and the labels go up to "
            f"{present[-1]:.15g}: number the classes from 0 without gaps, or label with text"
        )
    return numbers, tuple(f"{number:.15g}" for number in present)


def numbers_of_names(labels: Sequence[str], class_names: Sequence[str], where: str) -> np.ndarray:
    """The number of each label's class.

    Raises:
        InputError: a label that is missing, unprintable, or no name of a class.

    >>> numbers_of_names(["dog", "cat", "dog"], ["cat", "dog"], "pets.csv")
    array([1, 0, 1])
    """
    numbers = {
        name: number
        for number, name in enumerate(class_names)
        if name.strip().lower() not in MISSING and not UNPRINTABLE.search(name)
    }
    for row, label in enumerate(labels):
        if label not in numbers:
            named = list_some(list(numbers)) or "a line of text"
            raise InputError(
                f"{where}: y[{row}] is {label!r}, and the name of a class was expected ({named}): "
                "rename or drop those rows"
            )
    return np.array([numbers[label] for label in labels], "int64")


def list_some(names: Sequence[str]) -> str:
    """The first twenty, in one line.

    >>> list_some(["length", " weight"])
    'length, weight'
    """
    shown = [" ".join(name.split()) for name in names[:20]]
    return ", ".join(shown if len(names) <= 20 else [*shown, "..."])


def check_names(class_names: Sequence[str], where: str) -> None:
    """Each different from the others, and printable in one line."""
    firsts: dict[str, int] = {}
    for number, name in enumerate(class_names):
        if UNPRINTABLE.search(name):
            raise InputError(
                f"{where}[{number}] is {name!r}, and a name without control characters or line "
                "breaks was expected: rename the class"
            )
        if (first := firsts.setdefault(name, number)) != number:
            raise InputError(
                f"{where}[{first}] and [{number}] are both {name!r}, and each class has a name of "
                "its own: rename one"
            )


def check_two(class_names: Sequence[str], where: str) -> None:
    """Something to tell apart."""
    if len(class_names) < 2:
        raise InputError(
            f"{where}: two classes or more were expected, and there is "
            f"{' and '.join(map(repr, class_names)) or 'none'}: add examples of another, or "
            "only measure, on all rows (split 'all')"
        )
