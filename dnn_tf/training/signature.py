"""What makes two trainings the same: a checkpoint continues no other one."""

import functools
import inspect
import json
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
        model: its variables count by shape and type: Keras numbers the names.
        data: counts by the SHA-256 of its arrays.
        optimizer: counts by class and options.
        words: numbers, and functions, which count by name and by what they were made with.
    """
    return _as_read(
        {
            "model": [[list(weight.shape), str(weight.dtype)] for weight in model.variables],
            "data": fingerprint(data),
            "optimizer": described(optimizer),
            **{word: described(thing) for word, thing in words.items()},
        }
    )


def sign_callbacks(state: State) -> Signature:
    """What callbacks hold when training has begun: their options, and empty memories."""
    signature: Signature = {}
    for name, attributes in state:
        same = sum(word.partition(" #")[0] == name for word in signature)
        word = f"{name} #{same + 1}" if same else name
        signature[word] = {key: described(value) for key, value in attributes.items()}
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
            f"{', '.join(differing)}: name another folder, or remove that one to start anew"
        )


def _as_read(signature: Signature) -> Signature:
    """As it will come back from a file."""
    return json.loads(json.dumps(signature, default=repr))


def described(thing: Any) -> Any:
    """A function or an object by its name, and by the plain values that it was made with."""
    if isinstance(thing, list | tuple):
        return [described(item) for item in thing]
    if isinstance(thing, functools.partial):
        return [described(thing.func), *map(described, thing.args), thing.keywords]
    if hasattr(thing, "get_config"):
        config = {name: v for name, v in thing.get_config().items() if name != "name"}
        return [type(thing).__name__, {name: described(value) for name, value in config.items()}]
    if inspect.isfunction(thing):
        made_with = inspect.getclosurevars(thing).nonlocals
        plain = {name: value for name, value in made_with.items() if is_plain(value)}
        return [thing.__qualname__, plain]
    if isinstance(thing, np.ndarray):  # weights, of which the first ones may be drawn by chance
        return list(thing.shape)
    return thing if is_plain(thing) else type(thing).__name__
