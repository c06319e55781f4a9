"""A run: settings in; an artefact and a run folder out."""

from dnn_tf.runs.classify import Prediction, classify_files
from dnn_tf.runs.evaluate import evaluate_saved
from dnn_tf.runs.settings import Settings
from dnn_tf.runs.train import Result, train

__all__ = ["Prediction", "Result", "Settings", "classify_files", "evaluate_saved", "train"]
