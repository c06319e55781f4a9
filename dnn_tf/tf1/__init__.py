"""TF1 checkpoints of dense networks, as models of this package."""

from dnn_tf.tf1.loading import inspect_checkpoint, load_checkpoint
from dnn_tf.tf1.table import CheckpointTable, Row

__all__ = ["CheckpointTable", "Row", "inspect_checkpoint", "load_checkpoint"]
