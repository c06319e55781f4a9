"""LiteRT, once TensorFlow Lite: one file, for phones and small computers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
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
    network = ServedNetwork(model, None)
    with unrolled(model):
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


@contextmanager
def unrolled(model: keras.Model) -> Iterator[None]:
    """Recurrent layers, those within others too, are traced step by step within the block.

    LiteRT has no operations for their loops.
    """
    layers = [
        layer
        for layer in model._flatten_layers()
        if isinstance(layer, keras.layers.RNN) and not layer.unroll
    ]
    try:
        for layer in layers:
            layer.unroll = True
        yield
    finally:
        for layer in layers:
            layer.unroll = False
