"""Folders on the disk: replaced whole or not at all, and damage is noticed."""

from dnn_tf.storage.replacement import recover, replacing
from dnn_tf.storage.sealing import seal, unseal

__all__ = ["recover", "replacing", "seal", "unseal"]
