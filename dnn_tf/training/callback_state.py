"""What a callback remembers: best value, patience, steps counted."""

import contextlib
import functools
import io
from collections.abc import Sequence
from pathlib import PurePath
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import keras
import numpy as np

from dnn_tf.data import Split
from dnn_tf.training.packing import is_plain

State = list[tuple[str, dict[str, Any]]]
"""The class of each callback, and its attributes."""

_OF_KERAS = {"_model", "params"}
_MADE_AGAIN = (
    type, FunctionType, MethodType, BuiltinFunctionType, ModuleType, functools.partial, np.ufunc,
    PurePath, Split, io.TextIOBase,
)  # fmt: skip
"""Whoever makes the callback anew makes these anew, as they were."""


def settle(callbacks: Sequence[keras.callbacks.Callback]) -> None:
    """Lets Keras' monitoring callbacks choose now which way is better.

    Left to themselves they choose at the end of the first epoch, and turn the sign of `min_delta`
    with it: a memory from after that would not fit a callback from before.
    """
    for callback in callbacks:
        if getattr(callback, "monitor_op", ...) is None:
            with contextlib.suppress(ValueError):  # it cannot tell, and may never need to
                callback._set_monitor_op()


def remembered(callbacks: Sequence[keras.callbacks.Callback]) -> State:
    """Of each callback the attributes that are plain values; see `packing.is_plain`."""
    return [
        (type(callback).__name__, {name: v for name, v in _own(callback).items() if is_plain(v)})
        for callback in callbacks
    ]


def remind(callbacks: Sequence[keras.callbacks.Callback], state: State) -> None:
    """Sets the attributes again: of the first callback of a class as the first one had them, ...

    Their training has begun, for that is where callbacks forget.
    """
    by_class: dict[str, list[dict[str, Any]]] = {}
    for name, attributes in state:
        by_class.setdefault(name, []).append(attributes)
    for callback in callbacks:
        kept = by_class.get(type(callback).__name__)
        for name, value in (kept.pop(0) if kept else {}).items():
            setattr(callback, name, value)


def lost(callbacks: Sequence[keras.callbacks.Callback]) -> set[str]:
    """`Class.attribute` of all that a checkpoint cannot keep."""
    return {
        f"{type(callback).__name__}.{name}"
        for callback in callbacks
        for name, value in _own(callback).items()
        if not is_plain(value) and not isinstance(value, _MADE_AGAIN)
    }


def _own(callback: keras.callbacks.Callback) -> dict[str, Any]:
    return {name: value for name, value in vars(callback).items() if name not in _OF_KERAS}
