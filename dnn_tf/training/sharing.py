"""Compiled functions shared by trainings that are alike: traced and compiled once."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from dnn_tf.types import Tensor

KEPT = 16
"""Functions at most; each keeps the variables of the training that it was traced for."""

LARGEST = 32_000_000
"""Bytes that these variables may have: a larger network earns its compilation back by itself."""


@dataclass(frozen=True)
class _Traced:
    """A function as it was traced, and which of the variables each thing is that it captured."""

    function: Any
    captured: list[int]


class _Kept(threading.local):
    """By likeness and shapes; of each thread its own, for variables are exchanged before a call."""

    def __init__(self) -> None:
        self.traced: OrderedDict[Hashable, _Traced] = OrderedDict()


_KEPT = _Kept()


class Shared:
    """A function over variables; what was traced for others of the same likeness serves these.

    A `tf.function` that is made anew is traced and compiled anew, for about a second under XLA,
    also where nothing but the values of its variables differs from one before: in the trials of a
    search, the folds of a cross-validation, a `fit` that goes on where another ended.

    Args:
        function: a `tf.function` that was not called yet, over tensors.
        likeness: all that it is made of, see `likeness.made_of`; `None`: it is not shared.
        variables: all that it may read or write. If it captures anything else, it is not shared.
    """

    def __init__(
        self, function: Any, likeness: Hashable | None, variables: Sequence[keras.Variable]
    ):
        self._function = function
        self._likeness = likeness
        if likeness is None:  # under a strategy a variable has a handle on each replica
            return
        inner = [variable.value for variable in variables]
        self._handles = [variable.handle for variable in inner]
        if sum(v.shape.num_elements() * v.dtype.size for v in inner) > LARGEST:
            self._likeness = None

    def __call__(self, *arguments: Tensor) -> Tensor:
        """What the function gives for these tensors and the variables as they are."""
        if self._likeness is None:
            return self._function(*arguments)
        key = self._likeness, *((tuple(a.shape), a.dtype) for a in arguments)
        traced = _KEPT.traced.get(key) or self._trace(key, arguments)
        if traced is None:
            return self._function(*arguments)
        _KEPT.traced.move_to_end(key)
        traced.function.set_external_captures([self._handles[i] for i in traced.captured])
        return traced.function(*arguments)

    def _trace(self, key: Hashable, arguments: Sequence[Tensor]) -> _Traced | None:
        function = self._function.get_concrete_function(*arguments)
        places = {id(handle): place for place, handle in enumerate(self._handles)}
        captured = [places.get(id(handle), -1) for handle in function.captured_inputs]
        if -1 in captured:
            self._likeness = None
            return None
        traced = _KEPT.traced[key] = _Traced(function, captured)
        while len(_KEPT.traced) > KEPT:
            _KEPT.traced.popitem(last=False)
        return traced
