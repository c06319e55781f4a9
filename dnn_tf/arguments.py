"""What is asked of the numbers that a caller gives."""

from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

from dnn_tf.types import InputError


def check_positive(**numbers: object) -> None:
    """Whole numbers, 1 or more.

    >>> check_positive(units=0)
    Traceback (most recent call last):
    dnn_tf.types.InputError: units is a whole number, 1 or more, and got 0
    """
    check_whole(1, **numbers)


def check_whole(least: int, **numbers: object) -> None:
    """Whole numbers, `least` or more.

    >>> check_whole(2, pieces=1)
    Traceback (most recent call last):
    dnn_tf.types.InputError: pieces is a whole number, 2 or more, and got 1
    """
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, Integral) or number < least:
            raise InputError(f"{name} is a whole number, {least} or more, and got {number!r}")


def check_between(low: float, high: float, **numbers: Any) -> None:
    """Finite numbers from `low` up to, and without, `high`.

    >>> check_between(0, 1, rate=1.0)
    Traceback (most recent call last):
    dnn_tf.types.InputError: rate is a number from 0 up to and without 1, and got 1.0
    """
    unlimited = high == float("inf")
    range_ = (
        f"a finite number, {low} or more"
        if unlimited
        else (f"a number from {low} up to and without {high}")
    )
    for name, number in numbers.items():
        if not is_real(number) or not low <= number < high:
            raise InputError(f"{name} is {range_}, and got {number!r}")


def check_above_0(**numbers: Any) -> None:
    """Finite numbers above 0.

    >>> check_above_0(margin=0)
    Traceback (most recent call last):
    dnn_tf.types.InputError: margin is a finite number above 0, and got 0
    """
    for name, number in numbers.items():
        if not is_real(number) or not 0 < number < float("inf"):
            raise InputError(f"{name} is a finite number above 0, and got {number!r}")


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


def as_sizes(name: str, sizes: Sequence[int]) -> tuple[int, ...]:
    """Whole numbers, one a layer: `hidden=(300, 100)` names `hidden1` and `hidden2`.

    >>> as_sizes("hidden", [300, 100])
    (300, 100)
    """
    if isinstance(sizes, str) or not isinstance(sizes, Sequence):
        raise InputError(f"{name} is a sequence of whole numbers, one a layer, and got {sizes!r}")
    for number, size in enumerate(sizes, start=1):
        check_positive(**{f"{name}{number}": size})
    return tuple(sizes)


def is_real(number: object) -> bool:
    """A number that is no truth value.

    >>> is_real(1), is_real(True), is_real("1")
    (True, False, False)
    """
    return isinstance(number, Real) and not isinstance(number, bool)
