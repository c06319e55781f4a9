"""KerasTuner's loop over the trials."""

import shutil
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from keras_tuner.engine.base_tuner import BaseTuner
from keras_tuner.engine.trial import Trial, TrialStatus

from dnn_tf.tuning.oracles import ERROR, TRIALS, Durable
from dnn_tf.tuning.task import Task, take_over


class EnoughTrialsError(Exception):
    """The process has run as many trials as it may."""


class Tuner(BaseTuner):
    """Asks the oracle for trials and runs them, until there are no more.

    Args:
        oracle: in this process; where the environment names a chief, that one is asked.
        task: what a trial does.
        directory: of the search.
        on_end: called with the number of each trial that has ended.
        at_most: so many trials; then `search` raises `EnoughTrialsError`. `None`: all there are.
    """

    def __init__(
        self,
        oracle: Durable,
        task: Task,
        directory: Path,
        on_end: Callable[[str], None] = lambda _: None,
        at_most: int | None = None,
    ):
        self._task, self._on_end, self._left = task, on_end, at_most
        super().__init__(oracle, directory=str(directory), project_name=TRIALS)

    def _get_tuner_fname(self) -> str:
        """Of no file: a tuner has nothing to remember, the oracle does."""
        return ""

    def pre_create_trial(self) -> None:
        """An oracle that has no trial yet is not to be asked without a pause."""
        if self._left == 0:
            raise EnoughTrialsError
        time.sleep(0.02)

    def run_trial(self, trial: Trial) -> dict[str, float]:
        """The objective of these values."""
        folder = Path(self.get_trial_dir(trial.trial_id))
        values = trial.hyperparameters.values
        if earlier := values.get("tuner/trial_id"):
            take_over(Path(self.get_trial_dir(earlier)), folder)
        epochs = values.get("tuner/epochs", self._task.epochs)
        return self._task.run(trial.hyperparameters, epochs, folder)

    def _try_run_and_update_trial(self, trial: Trial) -> None:
        """Whatever a trial raises, the next one is tried. Upstream prints it."""
        try:
            self._run_and_update_trial(trial)
            trial.status = TrialStatus.COMPLETED
        except (Exception, SystemExit):
            trial.status = TrialStatus.FAILED
            trial.message = traceback.format_exc()

    def on_trial_end(self, trial: Trial) -> None:
        """Tells the oracle, and takes away what no later trial needs."""
        folder = Path(self.get_trial_dir(trial.trial_id))
        if trial.message:
            (folder / ERROR).write_text(trial.message, encoding="utf-8")
        self.oracle.end_trial(trial)
        if self._left is not None:
            self._left -= 1
        if "tuner/epochs" not in trial.hyperparameters.values:  # Hyperband may go on with it
            for checkpoints in folder.glob("training-*"):
                shutil.rmtree(checkpoints, ignore_errors=True)
        self._on_end(trial.trial_id)
