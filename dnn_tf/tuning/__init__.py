"""The search for hyperparameters, with KerasTuner."""

from dnn_tf.tuning.records import TrialRecord
from dnn_tf.tuning.result import SearchResult
from dnn_tf.tuning.search import search
from dnn_tf.tuning.spaces import dense_space
from dnn_tf.tuning.workers import ProcessError

__all__ = [
    "ProcessError",
    "SearchResult",
    "TrialRecord",
    "dense_space",
    "search",
]
