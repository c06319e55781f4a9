"""A run: settings in; an artefact and a run folder out."""

from dnn_tf.runs.classify import Prediction, classify_files
from dnn_tf.runs.evaluate import evaluate_saved
from dnn_tf.runs.plan import check_plan
from dnn_tf.runs.result import Result
from dnn_tf.runs.settings import Settings
from dnn_tf.runs.train import train

__all__ = [
    "Prediction",
    "Result",
    "Settings",
    "check_plan",
    "classify_files",
    "evaluate_saved",
    "train",
]
