"""What the workers of a job tell each other while they train."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from dnn_tf.types import DivergenceError
from dnn_tf.workers.channel import Arrays

Where = Callable[[], str]
"""A sentence on what there is to go on with when a worker is lost."""


class Team:
    """The workers that take each step together; this one is a worker alone, without a cluster.

    What is told is small: the steps are TensorFlow's affair. All workers ask the same questions in
    the same order, so that nobody waits for ever.
    """

    size = 1
    """How many workers there are."""

    rank = 0
    """The number of this one; 0 is the chief's."""

    @property
    def is_chief(self) -> bool:
        """Whether this one writes what the job leaves: checkpoints, the run folder, the network."""
        return self.rank == 0

    def chiefs(self, value: Any, what: str = "a value") -> Any:  # noqa: ARG002
        """The chief's value, on every worker.

        Args:
            value: numbers, text, lists and dicts of these.
            what: it is, which must be the same on all.
        """
        return value

    def chiefs_arrays(self, value: Any, arrays: Arrays, what: str = "arrays") -> tuple[Any, Arrays]:  # noqa: ARG002
        """The chief's value and its arrays, on every worker."""
        return value, arrays

    def gathered(self, value: Any, what: str = "a value") -> list[Any]:  # noqa: ARG002
        """The values of all workers by their number, on every worker."""
        return [value]

    def any(self, flag: bool, what: str = "a flag") -> bool:
        """Whether it is true on any worker."""
        return any(self.gathered(bool(flag), what))

    @contextmanager
    def at_work(self, where: Where = str) -> Iterator[None]:  # noqa: ARG002
        """Within, the loss of a worker ends this one: with `PeerError`, or at once if it hangs.

        Args:
            where: what to say of where the work can be gone on with.
        """
        yield


Error = TypeVar("Error", bound=BaseException)


def jointly(error: Error) -> Error:
    """Marks an error that every worker raises at the same moment: by it nobody is lost."""
    error.__dict__["of_all_workers"] = True
    return error


def is_joint(error: BaseException) -> bool:
    """Whether every worker raises it; a training that diverges does so on all."""
    return isinstance(error, DivergenceError) or "of_all_workers" in vars(error)


ALONE = Team()
"""One worker, without a cluster."""
