"""Networks, built as the documents build them: one function, one file."""

from dnn_tf.models.dnn import dnn

__all__ = ["dnn"]
