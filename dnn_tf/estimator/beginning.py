"""The hyperparameters that cannot change once training has begun."""

from collections.abc import Mapping
from typing import Any

import keras

from dnn_tf.types import InputError

_WORDS = (
    "hidden", "activation", "kernel_initializer", "batch_norm", "dropout", "l1", "l2",
    "optimizer", "learning_rate", "dtype", "random_state",
)  # fmt: skip
"""The network and its optimiser were made of them, and `partial_fit` makes no new ones."""


def begun_with(params: Mapping[str, Any]) -> dict[str, Any]:
    """Those of an estimator's parameters, to be kept while training goes on."""
    kept = {word: params[word] for word in _WORDS}
    return kept | {"hidden": tuple(kept["hidden"])}  # of a list, which may change in its place


def check_unchanged(begun: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """They are what training began with; other objects of Keras with the same config are the same.

    Args:
        begun: what `begun_with` gave.
        params: the estimator's, now.

    Raises:
        InputError: one of them has changed.
    """
    for word, now in begun_with(params).items():
        if not _same(begun[word], now):
            raise InputError(
                f"{word} is {_shown(now)}, and training began with {_shown(begun[word])}: "
                "partial_fit goes on with the same network and optimiser, so set it back, or call "
                "fit, which begins anew"
            )


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if hasattr(one, "get_config") and type(one) is type(other):
        return _config(one) == _config(other)
    return bool(one == other)


def _config(thing: Any) -> dict[str, Any]:
    """In plain values; a name is no part of what a thing does."""
    config = keras.saving.serialize_keras_object(thing)["config"]
    return {word: value for word, value in config.items() if word != "name"}


def _shown(value: Any) -> str:
    if not hasattr(value, "get_config"):
        return f"{value!r:.100}"
    words = ", ".join(f"{word}={given!r}" for word, given in _config(value).items())
    return f"{type(value).__name__}({words:.100})"
