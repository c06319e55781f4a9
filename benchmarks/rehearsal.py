"""Which form of a peer is the fastest: each is tried on a part of the work."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from benchmarks.data import Data
from benchmarks.turn import Rehearsal, RehearsalOver, Turn
from benchmarks.works import Work

Form = TypeVar("Form")
Run = Callable[[Work, Data, Turn, Form], None]

SHARE, LEAST = 5, 20
"""A trial takes one in 5 rows, but at least 20 steps."""


def fastest(run: Run[Form], work: Work, data: Data, forms: Mapping[str, Form]) -> str:
    """The name of the form whose second epoch is the shortest.

    A form that cannot be run is left out; if none can, the error of the last is raised.
    """
    rows = max(len(data.x) // SHARE, LEAST * work.batch) // work.batch * work.batch
    part = data.first(rows)
    seconds: dict[str, float] = {}
    error: Exception | None = None
    for name, form in forms.items():
        turn = Rehearsal()
        try:
            run(work, part, turn, form)
        except RehearsalOver:
            seconds[name] = turn.seconds[-1]
        except Exception as failure:
            error = failure
    if not seconds and error is not None:
        raise error
    return min(seconds, key=seconds.__getitem__)
