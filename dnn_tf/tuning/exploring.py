"""All hyperparameters of a space, and whether what it builds can be trained."""

import hashlib
import json
from typing import Any, TypeAlias

import keras_tuner

from dnn_tf.data import Dataset
from dnn_tf.tuning.trainee import Space, make_trainee, try_out
from dnn_tf.types import InputError

_DRAWS = 10

Scope: TypeAlias = list[Any]
"""Conditions under which hyperparameters count, one within the other."""


def explore(space: Space, data: Dataset, seed: int) -> tuple[keras_tuner.HyperParameters, str]:
    """The whole space, and a fingerprint of the networks that it builds.

    It is asked with the defaults, and with each condition that turns up fulfilled once; each of
    these networks takes one step on a few rows. Then at random, for what it asks for under a plain
    `if`.

    Raises:
        InputError: one of them cannot be built or trained, or there is nothing to choose.
    """
    if not callable(space):
        raise InputError(f"a space is a function of hp, and got {space!r}")
    known = _with({}, keras_tuner.HyperParameters())
    seen: list[Scope] = []
    waiting: list[Scope] = [[]]
    built: list[Any] = []
    while waiting:
        hp = _with({one.name: one.values[0] for one in waiting.pop()}, known)
        trainee = make_trainee(space, hp, data, epochs=1, patience=1, seed=seed)
        built.append(trainee.described())
        try_out(trainee, data)
        seen += hp.active_scopes
        waiting = [scope for scope in [*waiting, *hp.inactive_scopes] if scope not in seen]
        known = _with({}, hp)
    if not known.space:
        raise InputError("the space asks hp for nothing: there is nothing to search")
    for draw in range(_DRAWS):
        hp = _with({}, known)
        for number, one in enumerate(known.space):
            if hp.is_active(one):
                hp.values[one.name] = one.random_sample(draw * len(known.space) + number)
        make_trainee(space, hp, data, epochs=1, patience=1, seed=seed)
        known = _with({}, hp)
    return known, hashlib.sha256(json.dumps(built, sort_keys=True).encode()).hexdigest()


def _with(
    values: dict[str, Any], known: keras_tuner.HyperParameters
) -> keras_tuner.HyperParameters:
    """All that is known, with these values; the space will find the defaults for the others."""
    return keras_tuner.HyperParameters.from_config(known.get_config() | {"values": values})
