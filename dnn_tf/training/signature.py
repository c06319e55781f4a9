"""What makes two trainings the same: a checkpoint continues no other one."""

import contextlib
import functools
import hashlib
import inspect
import json
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from dnn_tf.data import Dataset, fingerprint
from dnn_tf.training.callback_state import State
from dnn_tf.training.packing import is_plain
from dnn_tf.types import InputError

Signature = dict[str, Any]


def sign(
    model: keras.Model,
    data: Dataset,
    optimizer: keras.optimizers.Optimizer,
    **words: Any,
) -> Signature:
    """All that decides which weights come out, by the word that `fit` has for it.

    Args:
        model: its layers count by class and options, but not by name: Keras numbers the names.
        data: counts by the SHA-256 of its arrays.
        optimizer: counts by class and options.
        words: numbers, and functions, which count by name and by what they were made with.
    """
    return _as_read(
        {
            "model": [described(layer) for layer in model.layers],
            "trainable weights": [variable.trainable for variable in model.variables],
            "data": fingerprint(data),
            "optimizer": described(optimizer),
            **{word: described(thing) for word, thing in words.items()},
        }
    )


def sign_callbacks(state: State) -> Signature:
    """What callbacks hold when training has begun: their options, by their class.

    Attributes with an underscore are memory, and those of a callback that only reports, none.
    """
    signature: Signature = {}
    for name, attributes in state:
        options = {
            word: described(value)
            for word, value in attributes.items()
            if not word.startswith("_") and word != "verbose"
        }
        same = sum(word.partition(" #")[0] == name for word in signature)
        if options:
            signature[f"{name} #{same + 1}" if same else name] = options
    return _as_read(signature)


def check_same(kept: Signature, given: Signature, where: Any) -> None:
    """Whether a checkpoint belongs to this training.

    Raises:
        InputError: it belongs to another; the message says in what they differ.
    """
    differing = [word for word in {**given, **kept} if kept.get(word) != given.get(word)]
    if differing:
        raise InputError(
            f"{where} holds checkpoints of another training, which differs in "
            f"{', '.join(differing)}: name another folder, or remove that one to start anew; a "
            "program that calls fit again makes model, optimiser and callbacks anew"
        )


def _as_read(signature: Signature) -> Signature:
    """As it will come back from a file."""
    return json.loads(json.dumps(signature))


def described(thing: Any) -> Any:
    """Anything by its class or name and by the plain values that it was made with, for JSON.

    Names, which Keras numbers, and the addresses of objects are left out; of what is no plain value
    the class alone counts.
    """
    if isinstance(thing, np.ndarray | np.generic):
        array = np.asarray(thing)
        digest = hashlib.sha256(array.tobytes()).hexdigest()
        return [str(array.dtype), list(array.shape), digest]
    if isinstance(thing, list | tuple | set):
        return [described(item) for item in thing]
    if isinstance(thing, dict):
        return {str(key): described(value) for key, value in thing.items() if key not in _NAMES}
    if isinstance(thing, functools.partial):
        return [described(thing.func), described(thing.args), described(thing.keywords)]
    if inspect.isfunction(thing):
        return [thing.__qualname__, _plain_ones(inspect.getclosurevars(thing).nonlocals)]
    if thing is None or type(thing) in (bool, int, float, str):
        return thing if thing == thing else "nan"  # which is not even equal to itself
    if hasattr(thing, "get_config"):
        with contextlib.suppress(NotImplementedError):  # a layer that no file could hold
            return [type(thing).__name__, described(thing.get_config())]
    name = getattr(thing, "__qualname__", type(thing).__name__)  # of a builtin, or of its class
    return [name, _plain_ones(getattr(thing, "__dict__", {}))]


_NAMES = ("name", "shared_object_id")


def _plain_ones(values: Mapping[str, Any]) -> Any:
    return described({name: value for name, value in values.items() if is_plain(value)})
