"""LiteRT, once TensorFlow Lite: one file, for phones and small computers."""

import re
from pathlib import Path

import keras
import tensorflow as tf

from dnn_tf.data import ImageFormat
from dnn_tf.exporting.check import Runtime
from dnn_tf.saving.signatures import ServedNetwork
from dnn_tf.types import InputError


def write(model: keras.Model, path: Path, _image_format: ImageFormat | None) -> None:
    """The network as a file with the input `features`, in LiteRT's own operations only.

    Raises:
        InputError: LiteRT has no operation for a part of it.
    """
    network = ServedNetwork(unrolled(model), None)
    features = network.features.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([features], network)
    try:
        content = converter.convert()
    except Exception as error:  # pages of MLIR
        missing = sorted(set(re.findall(r"'tf\.(\w+)' op", str(error))))
        if not missing:
            raise
        raise InputError(
            f"LiteRT has no operation for {', '.join(missing)} in model {model.name!r}: export it "
            "as savedmodel"
        ) from error
    path.write_bytes(content)


def load(path: Path) -> Runtime:
    """The file in LiteRT's interpreter."""
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_content=path.read_bytes()).get_signature_runner()


def unrolled(model: keras.Model) -> keras.Model:
    """The model with each recurrent layer written out step by step, for LiteRT has no such loops.

    A model without recurrent layers comes back as it is.
    """
    if not any(isinstance(layer, keras.layers.RNN) for layer in model.layers):
        return model

    def copied(layer: keras.Layer) -> keras.Layer:
        steps = {"unroll": True} if isinstance(layer, keras.layers.RNN) else {}
        return type(layer).from_config(layer.get_config() | steps)

    copy = keras.models.clone_model(model, clone_function=copied)
    copy.set_weights(model.get_weights())
    return copy
