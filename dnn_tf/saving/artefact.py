"""Save and load."""

import datetime
import stat
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

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
from dnn_tf.data import Dataset, ImageFormat
from dnn_tf.saving.archive import LARGEST
from dnn_tf.saving.card import Card, plain, read_listed, write_card
from dnn_tf.saving.contents import GRAPH, MODEL, as_path, foreign
from dnn_tf.saving.keras_file import read_keras
from dnn_tf.saving.saved_model_graph import check_graph
from dnn_tf.saving.signatures import ServedNetwork
from dnn_tf.saving.versions import versions
from dnn_tf.storage import recover, replacing
from dnn_tf.storage.sealing import check_sealed, read_sealed
from dnn_tf.training import check_model
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


def save(
    model: keras.Model,
    path: str | Path,
    *,
    data: Dataset | None = None,
    settings: Mapping[str, Any] | None = None,
    measured: Mapping[str, float] | None = None,
) -> Path:
    """Writes a trained classifier as one folder, or leaves what was there as it was.

    The folder is a SavedModel: `tf.saved_model.load` serves it without this package, with the
    signatures `serving_default` (the features it was trained on) and, where it was trained on
    images, `images` (raw pixels); both answer with `logits`, `probabilities` and `classes`. Its
    `assets.extra/` holds `model.keras`, for training on, and `card.json`, which lists every file
    with its SHA-256. What `load` would refuse is not written.

    Args:
        model: a Keras model with one input that ends in logits.
        path: the folder. One that `save` wrote before is replaced in one stroke.
        data: what it was trained on; the card takes the class names, the source and the image
            format from it.
        settings: what it was trained with, for the card.
        measured: what was measured on it, for the card.

    Returns:
        The path.

    Raises:
        InputError: the path holds something else; the model could not be loaded again (a function
            or class in it that is not registered with Keras, an operation that does not only
            compute, LoRA); the card could not hold the settings or the class names.
        OSError: it cannot be written; what was there is as it was.

    >>> import tempfile, dnn_tf
    >>> model = dnn_tf.models.dnn(4, (3,), 2)
    >>> folder = save(model, tempfile.mkdtemp() + "/tiny")
    >>> [layer.name for layer in load(folder).layers]
    ['X', 'hidden1', 'outputs']
    """
    check_model(model)
    _check_merged(model)
    path = check_destination(path)
    n_classes = model.output_shape[-1]
    if data is not None and data.n_classes not in (0, n_classes):
        raise InputError(
            f"the model has {n_classes} outputs, and the data {data.n_classes} classes: "
            "they must match"
        )
    image_format = data.image_format if data else None
    if image_format is not None:
        image_format = ImageFormat(**plain(asdict(image_format), "image_format"))
    card = Card(
        class_names=tuple(plain(data.class_names, "class_names") if data else ())
        or tuple(map(str, range(n_classes))),
        source=plain(data.source, "source") if data else "",
        image_format=image_format,
        settings=plain(settings or {}, "settings"),
        metrics=_numbers(measured or {}),
        parameters=model.count_params(),
        versions=versions(),
        created=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    )
    try:
        with replacing(path) as folder:
            _write(folder, model, card)
    except (OSError, tf.errors.OpError) as error:
        reason = getattr(error, "strerror", None) or first_line(error)
        raise OSError(
            f"{path} could not be written ({reason}), and is as it was: make room, or name another "
            "folder"
        ) from error
    return path


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


def check_destination(path: str | Path) -> Path:
    """Whether `save` could write there, asked before training rather than after.

    Returns:
        The path, absolute, links followed.

    Raises:
        InputError: the path holds something that `save` did not write, or cannot be written.
    """
    given = as_path(path)
    try:
        path = given.resolve()
        _check_replaceable(path, given)
        path.parent.mkdir(parents=True, exist_ok=True)
        Path(tempfile.mkdtemp(".probe", f".{path.name}.", path.parent)).rmdir()
    except (OSError, RuntimeError) as error:  # the latter of links in a circle
        reason = getattr(error, "strerror", None) or first_line(error)
        raise InputError(
            f"{given} cannot be written ({reason}): name a folder that can be"
        ) from error
    return path


def _check_replaceable(path: Path, given: Path) -> None:
    """Whether nothing is there that would be missed."""
    if Path.cwd().is_relative_to(path):
        raise InputError(f"{given} is the folder you work in: name a folder inside it")
    recover(path)
    if path.exists() and not path.is_dir():
        raise InputError(f"{given} is a file, and a folder to save to was expected: name another")
    if path.is_dir() and (name := foreign(path)):
        raise InputError(
            f"{given} holds something else than a saved model ({name}), and it would be lost: "
            "name another folder, or an empty one"
        )


def _check_merged(model: keras.Model) -> None:
    """Keras writes a layer's weights and its LoRA as one, which would not load as it was."""
    for layer in model._flatten_layers():
        if getattr(layer, "lora_enabled", False):
            raise InputError(
                f"the layer {layer.name!r} has LoRA enabled, which no file keeps: merge it first "
                "(build the network without LoRA, and assign layer.kernel, which is the merged one)"
            )


def _numbers(measured: Mapping[str, float]) -> dict[str, float]:
    """What was measured, for the card."""
    try:
        return {plain(name, "measured"): float(value) for name, value in measured.items()}
    except (TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"measured holds something else than numbers ({first_line(error)}): leave it out"
        ) from error


def _write(folder: Path, model: keras.Model, card: Card) -> None:
    """All files of an artefact, each vetted as `load` will vet it; the card is the last."""
    served = ServedNetwork(model, card.image_format)
    with _quietly():
        tf.saved_model.save(served, str(folder), signatures=served.endpoints)
    check_graph((folder / GRAPH).read_bytes(), f"{model.name}, as a SavedModel")
    (folder / MODEL).parent.mkdir()
    _save_keras(model, folder / MODEL)
    _check_same(model, folder / MODEL)
    write_card(folder, card)


@contextmanager
def _quietly() -> Iterator[None]:
    """Without TensorFlow telling where its assets went: there are none."""
    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("WARNING")
    try:
        yield
    finally:
        logger.setLevel(level)


def _save_keras(model: keras.Model, file: Path) -> None:
    """With what it was compiled with, if a file can hold that."""
    try:
        model.save(file)
    except TypeError as error:  # such as a functools.partial as the loss
        file.unlink(missing_ok=True)
        compiled, model.compiled = model.compiled, False
        try:
            model.save(file)
        finally:
            model.compiled = compiled
        warnings.warn(
            f"the network is saved without its loss, metrics and optimiser ({first_line(error)}): "
            "compile it again after loading; losses.Configured is a loss that a file can hold",
            stacklevel=4,
        )


def _check_same(model: keras.Model, file: Path) -> None:
    """The file must load again, with the very weights, before it may replace anything."""
    again = read_keras(file.read_bytes(), model.name)
    same = all(
        np.array_equal(one.numpy(), other.numpy(), equal_nan=True)
        for one, other in zip(model.weights, again.weights, strict=True)
    )
    if not same:
        raise InputError(f"{model.name} does not load as it was saved: report this as a bug")
