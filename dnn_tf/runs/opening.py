"""A saved network and its card, when both are needed."""

from pathlib import Path

import keras

from dnn_tf.saving import Card, open_artefact
from dnn_tf.types import InputError


def open_saved(path: str | Path) -> tuple[keras.Model, Card]:
    """The network in a folder, and a card that speaks of this network.

    Raises:
        InputError: no such model, or not one that `load` takes; a card that does not fit it.
    """
    model, card = open_artefact(path)
    fits = len(card.class_names) == model.output_shape[-1]
    if card.image_format is not None:
        fits = fits and card.image_format.feature_shape == model.input_shape[1:]
    if not fits:
        raise InputError(
            f"{path}: the card speaks of {len(card.class_names)} classes and {card.image_format}, "
            f"and the network goes from {model.input_shape[1:]} to {model.output_shape[1:]}: save "
            "the model again"
        )
    return model, card
