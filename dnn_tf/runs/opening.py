"""A saved network and its card, and data fitted to it."""

import math
import warnings
from pathlib import Path
from typing import Any

import keras

from dnn_tf.data import Dataset, ImageFormat
from dnn_tf.data import load as load_data
from dnn_tf.saving import Card, load, open_artefact
from dnn_tf.saving.signatures import n_classes_of
from dnn_tf.training import check_model
from dnn_tf.types import InputError

_SMALLEST_FLAT = 8
"""Pixels a side; fewer inputs are more likely features of another kind than an image."""


def open_saved(path: str | Path) -> tuple[keras.Model, Card]:
    """The network in a folder, and a card that speaks of this network.

    Raises:
        InputError: no such model, or not one that `load` takes; a card that does not fit it.
    """
    model, card = open_artefact(path)
    fits = len(card.class_names) == n_classes_of(model.output_shape[-1])
    if card.image_format is not None:
        fits = fits and card.image_format.feature_shape == model.input_shape[1:]
    if not fits:
        raise InputError(
            f"{path}: the card speaks of {len(card.class_names)} classes and {card.image_format}, "
            f"and the network goes from {model.input_shape[1:]} to {model.output_shape[1:]}: save "
            "the model again"
        )
    return model, card


def open_network(path: str | Path) -> tuple[keras.Model, Card]:
    """The network in a folder or in a `.keras` file, to be trained further.

    A file has no card: one is made for it, with the classes "0", "1", ... and no image format; see
    `load_for`. Its outputs may be logits or anything else.

    Raises:
        InputError: see `open_saved`; or more than one input, or outputs of another shape than
            `(batch, outputs)`.
    """
    if Path(path).suffix != ".keras" or Path(path).is_dir():
        return open_saved(path)
    model = load(path)
    check_model(model)
    if len(model.output_shape) != 2 or model.output_shape[1] is None:
        raise InputError(
            f"{path}: its outputs have the shape {model.output_shape}, and (batch, outputs) was "
            "expected: take a network that classifies"
        )
    return model, Card(tuple(map(str, range(n_classes_of(model.output_shape[1])))), source="")


def load_for(model: keras.Model, card: Card, where: str | Path, **options: Any) -> Dataset:
    """A dataset, its images fitted to a network.

    Where the card tells nothing of what the network was trained on, and images arrive, a format is
    assumed and a warning tells it.

    Args:
        model, card: see `open_saved` and `open_network`.
        where, **options: see `data.load`, which is given the image format.

    Raises:
        InputError: see `data.load`.
    """
    assumed = None if card.image_format else assumed_format(model, card)
    data = load_data(where, image_format=card.image_format or assumed, **options)
    if assumed is not None and data.image_format is not None:
        warn_assumed(assumed)
    return data


def assumed_format(model: keras.Model, card: Card) -> ImageFormat | None:
    """The format of images that a network takes by its input shape, if it is that of any.

    `(height, width, channels)`, or a flat square of 1 or 3 channels; pixels from 0 to 1, and any
    background. `None` where the card tells of a source, which then held no images.
    """
    shape = model.input_shape[1:]
    if card.source or None in shape:
        return None
    if len(shape) == 3 and shape[-1] in (1, 3):
        height, width, channels = shape
        return ImageFormat(height, width, channels, flat=False)
    if len(shape) == 1:
        for channels in (1, 3):
            side = math.isqrt(shape[0] // channels)
            if side >= _SMALLEST_FLAT and side * side * channels == shape[0]:
                return ImageFormat(side, side, channels)
    return None


def warn_assumed(assumed: ImageFormat) -> None:
    """Tells what was assumed of a network."""
    colours = "grey" if assumed.channels == 1 else "colour"
    warnings.warn(
        "the network does not say what images it was trained on: by its input, "
        f"{assumed.height} x {assumed.width} {colours} with pixels from 0 to 1 is assumed, and "
        "light and dark are left as they come",
        stacklevel=3,
    )
