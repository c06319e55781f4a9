"""A call that fails leaves no trace: transactions, in the language of databases."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def all_or_nothing(thing: object) -> Iterator[None]:
    """Within, an error or an interrupt puts the attributes of `thing` back as they stood.

    It is the attributes that come back, and not what is changed inside of their values.

    >>> from types import SimpleNamespace
    >>> thing = SimpleNamespace(a=1)
    >>> try:
    ...     with all_or_nothing(thing):
    ...         thing.a, thing.b = 2, 3 / 0
    ... except ZeroDivisionError:
    ...     print(thing)
    namespace(a=1)
    """
    before = dict(vars(thing))
    try:
        yield
    except BaseException:
        vars(thing).clear()
        vars(thing).update(before)
        raise
