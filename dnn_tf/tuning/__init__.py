"""The search for hyperparameters, with KerasTuner.

What stands in the folder of a search, and who writes it:

- `search.json`, by `search` before the first trial: `Identity`, all that decides which trials run.
- `trials/oracle.json`, by the oracle (`oracles.Durable`) when a trial begins or ends: which were
  begun, and what is drawn next. `trials/trial_NN/trial.json`, by it too, and before: values,
  status, score and times of one. Where the two disagree after a kill, this one is right.
- `trials/trial_NN/training-K`, by `fit`: checkpoints of the K-th fold, while the trial runs.
  `trials/trial_NN/error.txt`, by the tuner: why it failed.
- `trials/*.log` and `job`, by the parent of workers: their output, and the task for them.
- `trials/best-NN` (checkpoints), `best`, `result.json`, `trials.csv`, `search.png`, in the end.

One process: `search` -> `Tuner` -> `Task.run` for each trial. With workers: `search` -> `_Team`,
which starts `chief` (the oracle, behind gRPC) and each `worker` (a `Tuner`), and watches over them.
"""

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
