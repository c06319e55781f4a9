"""A `.keras` file, from its bytes to a model: vetted first, then given to Keras from memory.

The bytes that were vetted are the bytes that Keras reads: it is given no path, so nobody can
change the file in between, and nothing is unpacked to the disk. For that, and to count the weights
before memory is taken for them, two doors of Keras are used that are not public. What else a
network could take memory for is bounded by `network_size`.
"""

import io
import json
import math
import re
from typing import Any

import keras
from keras.src.backend.common import global_state
from keras.src.saving import saving_lib

from dnn_tf.saving.archive import open_archive
from dnn_tf.saving.network_config import check_config
from dnn_tf.saving.weights_file import check_weights
from dnn_tf.types import InputError, first_line

_SPARE = 2**16
"""So many more numbers than the file holds may a network have: the states of random generators."""

_TIMES = 2
"""And so many times as many: the small factors of LoRA, which Keras keeps in no file."""


def read_keras(content: bytes, where: str) -> keras.Model:
    """The model in a `.keras` file, given as its bytes.

    It is compiled as it was, where the loss, the metrics and the optimiser are known here.

    Args:
        content: of the file.
        where: its name, for messages.

    Raises:
        InputError: damaged, or holding what could run code, read a file or take all memory.
    """
    parts = open_archive(content, where)
    compiles = check_config(parts.config, where)
    n_stored = check_weights(parts.weights, where)
    try:
        n_declared = _count_weights(parts.config)
        if n_declared <= _TIMES * n_stored + _SPARE:
            return _make(content, compiles)
    except Exception as error:  # whatever Keras, HDF5 or a registered class raises
        said = "".join(sign if sign.isprintable() else "?" for sign in first_line(error)[:300])
        raise InputError(f"{where} cannot be loaded ({said}): {_guess(parts.metadata)}") from error
    raise InputError(
        f"{where}: its network has {n_declared:,} weights, and the file holds {n_stored:,}: the "
        "file is damaged"
    )


def _guess(metadata: bytes) -> str:
    """What may be wrong with a file that is refused by Keras itself."""
    try:
        theirs = json.loads(metadata)["keras_version"]
        newer = _numbers(theirs) > _numbers(keras.__version__)
    except (ValueError, KeyError, TypeError, RecursionError):
        newer = False
    if newer:
        return f"it was saved by Keras {theirs}, and this is {keras.__version__}: update Keras"
    return "its network and its weights do not belong together, or the file is damaged"


def _numbers(version: str) -> list[int]:
    """Of a version, to be compared.

    >>> _numbers("3.15.1")
    [3, 15, 1]
    """
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9a-z]{1,9}){1,4}", version):
        raise ValueError("no version")
    return [int(part) for part in re.findall(r"(?<![0-9a-z])[0-9]+", version)]


def _make(content: bytes, compiles: bool) -> keras.Model:
    """The model, compiled if it can be."""
    if compiles:
        try:
            return saving_lib.load_model(io.BytesIO(content))
        except Exception:  # its network loads, its loss or optimiser does not
            pass
    return saving_lib.load_model(io.BytesIO(content), compile=False)


def _count_weights(config: bytes) -> int:
    """How many numbers would be held by all the variables that it makes; no memory is taken.

    Keras puts off making weights inside a `StatelessScope`, to its end; these are never made. So a
    network is built twice: once to be counted. Nothing is compiled then, no network in it either.
    """
    fields = json.loads(config, object_hook=_uncompiled)
    waiting = list(global_state.get_global_attribute("uninitialized_variables") or [])
    try:
        with keras.StatelessScope(initialize_variables=False):
            model = keras.saving.deserialize_keras_object(fields, safe_mode=True)
        made = global_state.get_global_attribute("uninitialized_variables") or []
    finally:
        global_state.set_global_attribute("uninitialized_variables", waiting)
    if not isinstance(model, keras.Model):
        raise TypeError(f"it holds a {type(model).__name__} and no model")
    return sum(math.prod(variable.shape) for variable in made[len(waiting) :])


def _uncompiled(part: dict[str, Any]) -> dict[str, Any]:
    """A part of a config, without what it was compiled with."""
    return part | {"compile_config": None} if "compile_config" in part else part
