"""A `.keras` file, from its bytes to a model: vetted first, then given to Keras from memory.

The bytes that were vetted are the bytes that Keras reads: it is given no path, so nobody can
change the file in between, and nothing is unpacked to the disk. For that, and to count weights
before memory is taken for them, two doors of Keras are used that are not public.
"""

import io
import json
import math

import keras
from keras.src.backend.common import global_state
from keras.src.saving import saving_lib

from dnn_tf.saving.archive import open_archive
from dnn_tf.saving.network_config import check_config
from dnn_tf.saving.weights_file import check_weights
from dnn_tf.types import InputError, first_line

_SPARE = 2**16
"""So many more numbers than the file holds may a network have: the states of random generators."""


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
        if n_declared <= n_stored + _SPARE:
            return _make(content, compiles)
    except Exception as error:  # whatever Keras, HDF5 or a registered class raises
        said = "".join(sign if sign.isprintable() else "?" for sign in first_line(error)[:300])
        raise InputError(
            f"{where} cannot be loaded ({said}): its network and its weights do not belong "
            "together, or the file is damaged"
        ) from error
    raise InputError(
        f"{where}: its network has {n_declared:,} weights, and the file holds {n_stored:,}: the "
        "file is damaged"
    )


def _make(content: bytes, compiles: bool) -> keras.Model:
    """The model, compiled if it can be."""
    if compiles:
        try:
            return saving_lib.load_model(io.BytesIO(content))
        except Exception:  # its network loads, its loss or optimiser does not
            pass
    return saving_lib.load_model(io.BytesIO(content), compile=False)


def _count_weights(config: bytes) -> int:
    """How many numbers the network would hold; no memory is taken for them.

    Keras puts off making weights inside a `StatelessScope`, to its end; these are never made. So a
    network is built twice: once to be counted.
    """
    fields = json.loads(config) | {"compile_config": None}
    waiting = list(global_state.get_global_attribute("uninitialized_variables") or [])
    try:
        with keras.StatelessScope(initialize_variables=False):
            model = keras.saving.deserialize_keras_object(fields, safe_mode=True)
    finally:
        global_state.set_global_attribute("uninitialized_variables", waiting)
    if not isinstance(model, keras.Model):
        raise TypeError(f"it holds a {type(model).__name__} and no model")
    return sum(math.prod(variable.shape) for variable in model.variables)
