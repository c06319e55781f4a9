"""What a saved network takes image files for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

from dnn_tf.data import read_images
from dnn_tf.runs.opening import assumed_format, open_saved, warn_assumed
from dnn_tf.saving.signatures import answer_of
from dnn_tf.types import InputError


@dataclass(frozen=True)
class Prediction:
    """The likeliest class of one image.

    Args:
        file: the image file.
        class_name: of the class.
        probability: the network's own, from 0 to 1.
        inverted: whether light and dark were exchanged, to match what it was trained on.
    """

    file: str
    class_name: str
    probability: float
    inverted: bool


def classify_files(path: str | Path, files: Sequence[str | Path]) -> list[Prediction]:
    """The class of each image file, by the network in a folder.

    Where its card does not tell what it was trained on, the format of images is assumed by the
    input of the network, and a warning tells it.

    Raises:
        InputError: no such model, a model that was not trained on images, or a file that is no
            image.
    """
    if not files:
        raise InputError("name one image file or more")
    model, card = open_saved(path)
    image_format = card.image_format or assumed_format(model, card)
    if image_format is None:
        raise InputError(f"{path} was not trained on images: it cannot predict from image files")
    if card.image_format is None:
        warn_assumed(image_format)
    pixels, inverted = read_images(files, image_format)
    classes, probabilities = _likeliest(model.predict(image_format.features(pixels), verbose=0))
    return [
        Prediction(str(file), card.class_names[number], float(probability), flipped)
        for file, number, probability, flipped in zip(
            files, classes, probabilities, inverted, strict=True
        )
    ]


def _likeliest(logits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The class that is served for each row of logits, and its probability.

    Shapes:
        `(n, outputs)` -> `(n,)`, `(n,)`.
    """
    answer = {name: values.numpy() for name, values in answer_of(tf.constant(logits)).items()}
    classes, probabilities = answer["classes"], answer["probabilities"]  # (n,), (n, outputs)
    if probabilities.shape[-1] == 1:  # that of class 1
        probabilities = np.concatenate([1 - probabilities, probabilities], axis=-1)
    return classes, probabilities[np.arange(len(classes)), classes]
