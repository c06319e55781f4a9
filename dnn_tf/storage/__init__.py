"""Files and folders on the disk: replaced whole or not at all, and damage is noticed."""

from dnn_tf.storage.replacement import recover, replacing
from dnn_tf.storage.sealing import seal, unseal
from dnn_tf.storage.whole_file import replacing_file

__all__ = ["recover", "replacing", "replacing_file", "seal", "unseal"]
