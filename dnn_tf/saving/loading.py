"""From a folder or a file of anybody's to a model."""

import stat
from pathlib import Path

import keras

from dnn_tf import (
    activations,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
    schedules,
)
from dnn_tf.saving.archive import LARGEST
from dnn_tf.saving.card import Card, read_listed
from dnn_tf.saving.contents import GRAPH, MODEL, as_path
from dnn_tf.saving.keras_file import read_keras
from dnn_tf.saving.saved_model_graph import check_graph
from dnn_tf.storage import recover
from dnn_tf.storage.sealing import check_sealed, read_sealed
from dnn_tf.types import InputError, first_line

REGISTERED = (
    activations,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
    schedules,
)
"""Once these are imported, Keras finds this package's classes by the names in a file."""


def load(path: str | Path) -> keras.Model:
    """The model in a folder that `save` wrote, or in a `.keras` file, to predict and to train on.

    Every file of the folder is checked against its checksum. Nothing in it is run: a network that
    holds more than the parts of Keras that only compute, and classes that this process has
    registered, is refused before any of it is made. A `.keras` file has no checksums beyond those
    of a zip, and is judged in the same way.

    The card, with the class names and the image format, is read by `saving.read_card`.

    Raises:
        InputError: nothing there, damaged, or not to be trusted; the message says what.
    """
    path = as_path(path)
    try:
        if path.is_dir() or path.suffix != ".keras":
            return open_artefact(path)[0]
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path} is no plain file, and a .keras file was expected")
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(content) > LARGEST:
        raise InputError(f"{path} is larger than {LARGEST >> 30} GiB, and is not read")
    return read_keras(content, str(path))


def open_artefact(path: str | Path) -> tuple[keras.Model, Card]:
    """The model in a folder that `save` wrote, and its card.

    Raises:
        InputError: see `load`.
    """
    folder = as_path(path)
    try:
        recover(folder.resolve())
        while True:
            before = _identity(folder)
            try:
                return _read(folder)
            except InputError:
                if _identity(folder) == before:
                    raise
                # a new one has come in its place while it was read: that is no damage
    except (OSError, RuntimeError) as error:  # the latter of links in a circle
        raise _unreadable(folder, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or first_line(error)
    return InputError(
        f"{path} cannot be read ({reason}); a folder written by dnn_tf.save, or a .keras file, was "
        "expected"
    )


def _read(folder: Path) -> tuple[keras.Model, Card]:
    """The same, if nobody replaces the folder meanwhile."""
    card, listed = read_listed(folder)
    for name, expected in listed.items():
        if name not in (GRAPH, MODEL):
            check_sealed(folder, name, expected)
    check_graph(read_sealed(folder, GRAPH, listed[GRAPH]), str(folder / GRAPH))
    return read_keras(read_sealed(folder, MODEL, listed[MODEL]), str(folder / MODEL)), card


def _identity(folder: Path) -> int | None:
    """The same number for as long as it is the same folder."""
    return folder.stat().st_ino if folder.exists() else None
