"""What is asked of the numbers that a caller gives."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, TypeVar

from dnn_tf.types import InputError, first_line

Made = TypeVar("Made")

SEEDS = 2**32
"""As many of them there are: they begin with 0."""


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


def check_seed(**seeds: object) -> None:
    """Whole numbers that NumPy's and Keras' generators begin with.

    >>> check_seed(seed=-1)
    Traceback (most recent call last):
    dnn_tf.types.InputError: seed is a whole number from 0 to 4294967295, and got -1
    """
    for name, seed in seeds.items():
        whole = isinstance(seed, Integral) and not isinstance(seed, bool)
        if not whole or seed not in range(SEEDS):
            raise InputError(f"{name} is a whole number from 0 to {SEEDS - 1}, and got {seed!r}")


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


def check_choice(choices: Sequence[str], **given: object) -> None:
    """One of a few words.

    >>> check_choice(("ones", "zeros"), start="twos")
    Traceback (most recent call last):
    dnn_tf.types.InputError: start is one of ones, zeros, and got 'twos'
    """
    for name, choice in given.items():
        if choice not in choices:
            raise InputError(f"{name} is one of {', '.join(choices)}, and got {choice!r}")


def build_named(
    kind: str, makers: Mapping[str, Callable[..., Made]], name: str, options: Mapping[str, Any]
) -> Made:
    """What the maker of that name makes of the options.

    Raises:
        InputError: there is no such maker; it does not take, or lacks, an option; or an option is
            of another type.

    >>> build_named("number", {"one": lambda sign=1: sign}, "one", {"sine": 1})
    Traceback (most recent call last):
    dnn_tf.types.InputError: the number 'one' takes no option 'sine': it has sign
    """
    if name not in makers:
        raise InputError(f"unknown {kind} {name!r}: there are {', '.join(makers)}")
    known = inspect.signature(makers[name]).parameters
    kinds = {word: known_as.kind for word, known_as in known.items()}
    takes_all = inspect.Parameter.VAR_KEYWORD in kinds.values()
    names = [word for word in known if kinds[word] != inspect.Parameter.VAR_KEYWORD]
    for option in options:
        if option not in known and not takes_all:
            raise InputError(
                f"the {kind} {name!r} takes no option {option!r}: it has {', '.join(names)}"
            )
    for word in names:
        if known[word].default is inspect.Parameter.empty and word not in options:
            raise InputError(f"the {kind} {name!r} needs {word}")
    for option, value in options.items():
        if option in known and isinstance(known[option].default, bool):
            _check_truth(option, value)
    try:
        return makers[name](**options)
    except InputError:
        raise
    except (TypeError, ValueError) as error:  # of Keras' own words
        raise InputError(
            f"the {kind} {name!r}: {first_line(error)}; its own options are {', '.join(names)}"
        ) from error


def _check_truth(name: str, value: object) -> None:
    if not isinstance(value, bool):  # or the word 'off' would be taken for true
        raise InputError(f"{name} is True or False, and got {value!r}")


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
