"""A SavedModel as `save` writes it, without what is for training on."""

from pathlib import Path

import keras
import tensorflow as tf

from dnn_tf.data import ImageFormat
from dnn_tf.exporting.check import Runtime
from dnn_tf.saving.signatures import ServedNetwork
from dnn_tf.types import Tensor, first_line


def write(model: keras.Model, folder: Path, image_format: ImageFormat | None) -> None:
    """The signatures `serving_default` and, with an image format, `images`.

    Raises:
        OSError: it cannot be written.
    """
    served = ServedNetwork(model, image_format)
    try:
        tf.saved_model.save(served, str(folder), signatures=served.endpoints)
    except tf.errors.OpError as error:
        reason = first_line(error).rpartition("; ")[2]  # before it, the path of a half-made file
        raise OSError(reason) from error


def load(folder: Path) -> Runtime:
    """The folder in TensorFlow, as if this package were not there."""
    loaded = tf.saved_model.load(str(folder))

    def answer(**inputs: Tensor) -> dict[str, Tensor]:
        name = "images" if "images" in inputs else "serving_default"
        return loaded.signatures[name](**{key: tf.constant(x) for key, x in inputs.items()})

    return answer
