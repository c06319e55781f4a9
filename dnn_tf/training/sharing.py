"""Compiled functions shared by trainings that are alike: traced and compiled once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
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
        likeness: gives all that it is made of, see `likeness.made_of`. It is asked where the
            function would be traced, and not before: a callback may have changed a layer meanwhile.
            Where it gives `None`, or is none, the function is not shared.
        variables: all that it may read or write. If it captures anything else, it is not shared.
    """

    def __init__(
        self,
        function: Any,
        likeness: Callable[[], Hashable | None] | None,
        variables: Sequence[keras.Variable],
    ):
        self._function = function
        self._likeness = likeness
        self._variables = variables
        self._found: dict[Hashable, _Traced | None] = {}  # also when others have pushed it out

    def __call__(self, *arguments: Tensor) -> Tensor:
        """What the function gives for these tensors and the variables as they are."""
        shapes = tuple((tuple(argument.shape), argument.dtype) for argument in arguments)
        if shapes not in self._found:
            self._found[shapes] = self._find(shapes, arguments)
        traced = self._found[shapes]
        if traced is None:
            return self._function(*arguments)
        handles = [self._variables[place].value.handle for place in traced.captured]
        traced.function.set_external_captures(handles)
        return traced.function(*arguments)

    def _find(self, shapes: Hashable, arguments: Sequence[Tensor]) -> _Traced | None:
        """The function for these shapes, of an earlier training or traced now; `None`: unshared."""
        likeness = None if self._likeness is None else self._likeness()
        if likeness is None or sum(map(_n_bytes, self._variables)) > LARGEST:
            return None
        key = likeness, shapes
        if key not in _KEPT.traced:
            traced = self._trace(arguments)
            if traced is None:
                return None
            _KEPT.traced[key] = traced
        _KEPT.traced.move_to_end(key)
        while len(_KEPT.traced) > KEPT:
            _KEPT.traced.popitem(last=False)
        return _KEPT.traced[key]

    def _trace(self, arguments: Sequence[Tensor]) -> _Traced | None:
        function = self._function.get_concrete_function(*arguments)
        places = {id(v.value.handle): place for place, v in enumerate(self._variables)}
        captured = [places.get(id(handle), -1) for handle in function.captured_inputs]
        return None if -1 in captured else _Traced(function, captured)


def _n_bytes(variable: keras.Variable) -> int:
    return variable.value.shape.num_elements() * variable.value.dtype.size
