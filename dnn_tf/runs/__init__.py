"""A run: settings in; an artefact and a run folder out."""

from dnn_tf.runs.classify import Prediction, classify_files
from dnn_tf.runs.evaluate import evaluate_saved
from dnn_tf.runs.fine_tune_settings import FineTuneSettings
from dnn_tf.runs.finetune import FineTuneResult, finetune
from dnn_tf.runs.folder import read_run
from dnn_tf.runs.import_tf1 import Imported, import_tf1
from dnn_tf.runs.inspect import inspect_saved
from dnn_tf.runs.manifest import Manifest
from dnn_tf.runs.plan import Plan, check_plan, count_steps
from dnn_tf.runs.result import Result
from dnn_tf.runs.settings import Settings
from dnn_tf.runs.train import build, resume, train

__all__ = [
    "FineTuneResult",
    "FineTuneSettings",
    "Imported",
    "Manifest",
    "Plan",
    "Prediction",
    "Result",
    "Settings",
    "build",
    "check_plan",
    "classify_files",
    "count_steps",
    "evaluate_saved",
    "finetune",
    "import_tf1",
    "inspect_saved",
    "read_run",
    "resume",
    "train",
]
