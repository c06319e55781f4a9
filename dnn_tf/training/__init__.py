"""Training: a compiled step, the loop around it, and what is measured."""

from dnn_tf.training.devices import device_name
from dnn_tf.training.door import check_model
from dnn_tf.training.epoch_report import EpochReport
from dnn_tf.training.evaluation import evaluate
from dnn_tf.training.fit import fit

__all__ = ["EpochReport", "check_model", "device_name", "evaluate", "fit"]
