"""What is asked of the numbers that a caller gives."""

from numbers import Integral
from typing import SupportsFloat

from dnn_tf.types import InputError


def check_positive(**numbers: object) -> None:
    """Whole numbers, 1 or more.

    >>> check_positive(units=0)
    Traceback (most recent call last):
    dnn_tf.types.InputError: units is a whole number, 1 or more, and got 0
    """
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, Integral) or number < 1:
            raise InputError(f"{name} is a whole number, 1 or more, and got {number!r}")


def check_between(low: float, high: float, **numbers: object) -> None:
    """Numbers from `low` up to, and without, `high`.

    >>> check_between(0, 1, rate=1.0)
    Traceback (most recent call last):
    dnn_tf.types.InputError: rate is a number from 0 up to and without 1, and got 1.0
    """
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, SupportsFloat):
            raise InputError(f"{name} is a number, and got {number!r}")
        if not low <= float(number) < high:
            limit = "" if high == float("inf") else f" up to and without {high}"
            raise InputError(f"{name} is a number from {low}{limit}, and got {number!r}")


def as_pair(name: str, size: int | tuple[int, int]) -> tuple[int, int]:
    """One size for rows and columns, or one each.

    >>> as_pair("kernel_size", 3)
    (3, 3)
    """
    pair = tuple(size) if isinstance(size, tuple | list) else (size, size)
    if len(pair) != 2:
        raise InputError(f"{name} is a whole number or a pair (rows, columns), and got {size!r}")
    check_positive(**{name: pair[0]})
    check_positive(**{name: pair[1]})
    return pair
