"""Save and load."""

import datetime
import os
import platform
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
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
from dnn_tf.data import Dataset
from dnn_tf.saving.card import EXTRA, Card, read_card
from dnn_tf.saving.signatures import ServedNetwork
from dnn_tf.storage import recover, replacing
from dnn_tf.training import check_model
from dnn_tf.types import InputError, first_line

MODEL = "model.keras"

_WRITTEN = {
    "saved_model.pb", "fingerprint.pb", "variables", "assets",
    EXTRA, f"{EXTRA}/card.json", f"{EXTRA}/{MODEL}",
}  # fmt: skip

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
    `assets.extra/` holds `model.keras`, for training on, and `card.json`.

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
        InputError: the path holds something else; the model cannot be loaded again (a function or
            class in it that is not registered with Keras).
        OSError: it cannot be written.

    >>> import tempfile, dnn_tf
    >>> model = dnn_tf.models.dnn(4, (3,), 2)
    >>> folder = save(model, tempfile.mkdtemp() + "/tiny")
    >>> [layer.name for layer in load(folder).layers]
    ['X', 'hidden1', 'outputs']
    """
    check_model(model)
    path = check_destination(path)
    n_classes = model.output_shape[-1]
    if data is not None and data.n_classes not in (0, n_classes):
        raise InputError(
            f"the model has {n_classes} outputs, and the data {data.n_classes} classes: "
            "they must match"
        )
    image_format = data.image_format if data else None
    card = Card(
        class_names=(data.class_names if data else ()) or tuple(map(str, range(n_classes))),
        source=data.source if data else "",
        image_format=image_format,
        settings=dict(settings or {}),
        metrics={name: float(value) for name, value in (measured or {}).items()},
        parameters=model.count_params(),
        versions={
            **{name: version(name) for name in ("dnn-tf", "tensorflow", "keras", "numpy")},
            "python": platform.python_version(),
        },
        created=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    )
    served = ServedNetwork(model, image_format)
    with replacing(path) as folder:
        try:
            with _quietly():
                tf.saved_model.save(served, str(folder), signatures=served.endpoints)
        except tf.errors.OpError as error:
            raise OSError(f"{path} could not be written: {first_line(error)}") from error
        extra = folder / EXTRA
        extra.mkdir()
        _save_keras(model, extra / MODEL)
        (extra / "card.json").write_text(card.to_json(), encoding="utf-8")
        _check_same(model, extra / MODEL)
    return path


def load(path: str | Path) -> keras.Model:
    """The model in a folder that `save` wrote, ready to predict and to train on.

    Its card, with the class names and the image format, is read by `saving.read_card`.

    Raises:
        InputError: no such folder, not one that `save` wrote, or damaged.
    """
    recover(Path(path).resolve())
    read_card(path)
    return _load_keras(Path(path) / EXTRA / MODEL)


def check_destination(path: str | Path) -> Path:
    """Whether `save` could write there, asked before training rather than after.

    Returns:
        The path, absolute, links followed.

    Raises:
        InputError: the path holds something that `save` did not write, or cannot be written.
    """
    given, path = path, Path(path).resolve()
    if Path.cwd().is_relative_to(path):
        raise InputError(f"{given} is the folder you work in: name a folder inside it")
    recover(path)
    if path.exists() and not path.is_dir():
        raise InputError(f"{given} is a file, and a folder to save to was expected: name another")
    if path.is_dir() and (foreign := _foreign(path)):
        raise InputError(
            f"{given} holds something else than a saved model ({foreign}), and it would be lost: "
            "name another folder, or an empty one"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        probe = path.parent / f".{path.name}.{os.getpid()}.probe"
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        raise InputError(
            f"{given} cannot be written ({error.strerror}): name a folder that can be"
        ) from error
    return path


def _foreign(folder: Path) -> str | None:
    """The first file in a folder that `save` does not write."""
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if name not in _WRITTEN and not name.startswith("variables/variables."):
            return name
    return None


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
            stacklevel=3,
        )


def _load_keras(file: Path) -> keras.Model:
    if not file.is_file():
        raise InputError(f"{file} is missing: the model is damaged; save it again")
    try:
        with zipfile.ZipFile(file) as archive:  # Keras reads in part, and so past the checksums
            if damaged := archive.testzip():
                raise zipfile.BadZipFile(f"{damaged} is damaged")
        try:
            return keras.saving.load_model(file)
        except Exception:  # trained with a loss or metric that Keras does not know, or not trust
            return keras.saving.load_model(file, compile=False)
    except Exception as error:  # whatever a damaged file makes Keras, HDF5 or zlib raise
        raise InputError(
            f"{file.name} cannot be loaded ({first_line(error)}): a class or function in it is not "
            "registered with Keras, or the file is damaged"
        ) from error


def _check_same(model: keras.Model, file: Path) -> None:
    """The file must load again, with the very weights, before it may replace anything."""
    again = _load_keras(file)
    same = all(
        np.array_equal(one.numpy(), other.numpy(), equal_nan=True)
        for one, other in zip(model.weights, again.weights, strict=True)
    )
    if not same:
        raise InputError(f"{model.name} does not load as it was saved: report this as a bug")
