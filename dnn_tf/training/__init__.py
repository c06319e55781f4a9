"""Training: a compiled step, the loop around it, and what is measured."""

from dnn_tf.training.checkpoints import Best, Checkpoints, restore_best
from dnn_tf.training.devices import cores, device_name
from dnn_tf.training.door import check_model
from dnn_tf.training.epoch_report import EpochReport
from dnn_tf.training.evaluation import evaluate
from dnn_tf.training.every_steps import EverySteps
from dnn_tf.training.fit import fit
from dnn_tf.training.interruption import termination_as_interrupt
from dnn_tf.training.learning_rate_finder import find_learning_rate
from dnn_tf.training.learning_rate_trial import LearningRateTrial
from dnn_tf.training.performance_schedule import PerformanceSchedule
from dnn_tf.training.random_starts import Starts, fit_best_of
from dnn_tf.training.stopping import MaxSteps, StopOnSmallUpdates

__all__ = [
    "Best",
    "Checkpoints",
    "EpochReport",
    "EverySteps",
    "LearningRateTrial",
    "MaxSteps",
    "PerformanceSchedule",
    "Starts",
    "StopOnSmallUpdates",
    "check_model",
    "cores",
    "device_name",
    "evaluate",
    "find_learning_rate",
    "fit",
    "fit_best_of",
    "restore_best",
    "termination_as_interrupt",
]
