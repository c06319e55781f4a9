"""From a model to a folder."""

import datetime
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.data import Dataset, ImageFormat
from dnn_tf.saving.card import Card, plain, write_card
from dnn_tf.saving.contents import GRAPH, MODEL
from dnn_tf.saving.destination import check_destination
from dnn_tf.saving.keras_file import read_keras
from dnn_tf.saving.saved_model_graph import check_graph
from dnn_tf.saving.signatures import ServedNetwork, n_classes_of
from dnn_tf.saving.versions import versions
from dnn_tf.storage import replacing
from dnn_tf.training import check_model
from dnn_tf.types import InputError, first_line


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
        model: a Keras model with one input that ends in logits, one a class; or in a single one,
            which is that of class 1 against class 0.
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
    >>> [layer.name for layer in dnn_tf.load(folder).layers]
    ['X', 'hidden1', 'outputs']
    """
    check_model(model)
    _check_merged(model)
    path = check_destination(path)
    n_outputs = model.output_shape[-1]
    n_classes = n_classes_of(n_outputs)
    if data is not None and data.n_classes not in (0, n_classes):
        raise InputError(
            f"the model has {n_outputs} outputs, and the data {data.n_classes} classes: as many "
            "were expected, or a single output for two classes"
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
