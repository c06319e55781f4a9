"""Training: a compiled step, the loop around it, and what is measured."""

from dnn_tf.training.devices import prepare_devices
from dnn_tf.training.epoch_report import EpochReport
from dnn_tf.training.evaluation import evaluate
from dnn_tf.training.fit import fit

__all__ = ["EpochReport", "evaluate", "fit", "prepare_devices"]
