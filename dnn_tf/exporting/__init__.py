"""Export: a trained network for ONNX Runtime, LiteRT, or TensorFlow without Keras."""

from dnn_tf.exporting.check import TOLERANCE
from dnn_tf.exporting.writing import FORMATS, Export, export

__all__ = ["FORMATS", "TOLERANCE", "Export", "export"]
