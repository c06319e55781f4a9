"""What a callback remembers: best value, patience, steps counted."""

import contextlib
import io
import warnings
from collections.abc import Sequence
from pathlib import PurePath
from types import ModuleType
from typing import Any

import keras

from dnn_tf.data import Split
from dnn_tf.training.packing import is_plain

State = list[tuple[str, dict[str, Any]]]
"""The class of a callback, and its attributes."""

_OF_KERAS = {"_model", "params"}
_NO_STATE = (PurePath, ModuleType, Split, io.TextIOBase)


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
    """Of each callback the attributes that are plain values; see `packing.is_plain`.

    Callbacks without any are left out: they do their work in any training.
    """
    found = [
        (type(callback).__name__, {name: v for name, v in _own(callback).items() if is_plain(v)})
        for callback in callbacks
    ]
    return [(name, attributes) for name, attributes in found if attributes]


def remind(callbacks: Sequence[keras.callbacks.Callback], state: State) -> None:
    """Sets the attributes again. Their training has begun, for that is where callbacks forget."""
    reminded = [callback for callback in callbacks if remembered([callback])]
    for callback, (_, attributes) in zip(reminded, state, strict=True):
        for name, value in attributes.items():
            setattr(callback, name, value)


def warn_of_losses(callbacks: Sequence[keras.callbacks.Callback]) -> None:
    """Names what a checkpoint cannot keep."""
    for callback in callbacks:
        lost = [name for name, value in _own(callback).items() if not _can_be_made_again(value)]
        if lost:
            warnings.warn(
                f"a checkpoint cannot keep {', '.join(lost)} of {type(callback).__name__}: after a "
                "kill it starts anew; keep numbers, text, arrays, and lists or dicts of these",
                stacklevel=2,
            )


def _own(callback: keras.callbacks.Callback) -> dict[str, Any]:
    return {name: value for name, value in vars(callback).items() if name not in _OF_KERAS}


def _can_be_made_again(value: Any) -> bool:
    return is_plain(value) or callable(value) or isinstance(value, _NO_STATE)
