"""KerasTuner's oracles, which choose the trials, kept so that no kill costs one."""

import json
import math
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras_tuner
from keras_tuner import oracles
from keras_tuner.engine.hyperparameters import Fixed, Float
from keras_tuner.engine.trial import Trial, TrialStatus

from dnn_tf.storage import replacing_file
from dnn_tf.types import InputError

TRIALS = "trials"
"""The folder of the trials in that of a search."""

ERROR = "error.txt"
"""Why a trial failed, in its folder."""


class Durable(keras_tuner.Oracle):
    """Writes whole files only, and mends what two of them disagree on after a kill.

    An oracle writes a file for itself and one a trial. Upstream overwrites them in place, and what
    is killed between two of them loses a trial or runs it twice. Here a trial's own file decides
    whether it has ended, and the oracle's whether it was ever begun.

    Args:
        words: of the oracle of KerasTuner.
    """

    def __init__(self, **words: Any):
        super().__init__(**words)
        self.verbose = 0
        self.max_consecutive_failed_trials = None  # whoever searches tells; upstream would raise
        self.times: dict[str, list[float | None]] = {}
        """When each trial began and ended, in seconds that the search has run."""
        self._before, self._started = 0.0, time.monotonic()

    def open(self, directory: Path) -> None:
        """Remembers in that folder of a search, and goes on with what is there.

        Raises:
            InputError: its files are damaged.
        """
        self._set_project_dir(str(directory), TRIALS)
        path = Path(self._get_oracle_fname())
        if path.is_file():
            try:
                self.reload()
            except (ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
                raise InputError(
                    f"the search in {directory} is damaged ({error!r}): name another folder"
                ) from error

    @keras_tuner.synchronized
    def create_trial(self, tuner_id: str) -> Trial:
        """The next trial, or the one that the tuner is at."""
        if tuner_id not in self.ongoing_trials:
            trial = super().create_trial(tuner_id)
            self.times[trial.trial_id] = [self._now(), None]
            return trial
        return self.ongoing_trials[tuner_id]

    @keras_tuner.synchronized
    def end_trial(self, trial: Trial) -> None:
        """Keeps what came of a trial."""
        self.times[trial.trial_id][1] = self._now()
        super().end_trial(trial)

    @keras_tuner.synchronized
    def fail(self, trial: Trial, why: str) -> None:
        """Ends a trial whose process died."""
        trial.status = TrialStatus.FAILED
        (Path(self._get_trial_dir(trial.trial_id)) / ERROR).write_text(why, encoding="utf-8")
        self.end_trial(trial)

    def _now(self) -> float:
        return self._before + time.monotonic() - self._started

    def save(self) -> None:
        """Writes what the oracle remembers, but for the trials."""
        _write(Path(self._get_oracle_fname()), self.get_state())

    def _save_trial(self, trial: Trial) -> None:
        path = Path(self._get_trial_dir(trial.trial_id)) / "trial.json"
        _write(path, {**trial.get_state(), "times": self.times.get(trial.trial_id)})

    def reload(self) -> None:
        """Goes on from the files: trials that were running will be run again."""
        super().reload()
        for number in set(self.trials) - set(self.start_order):
            del self.trials[number]  # the kill came before the oracle knew: it is drawn once more
        for number, trial in self.trials.items():
            path = Path(self._get_trial_dir(number)) / "trial.json"
            self.times[number] = json.loads(path.read_text())["times"] or [0.0, None]
            if trial.status != TrialStatus.RUNNING and number not in self.end_order:
                self.end_order.append(number)  # the kill came before the oracle was told
        self._retry_queue = [n for n in reversed(self.start_order) if n not in self.end_order]
        self._before = max((t for times in self.times.values() for t in times if t), default=0.0)
        self._started = time.monotonic()


def _write(path: Path, state: Mapping[str, Any]) -> None:
    with replacing_file(path) as beside:
        beside.write_text(json.dumps(state))


class _Random(Durable, oracles.RandomSearchOracle):
    """Draws, every set of values once."""


class _Bayesian(Durable, oracles.BayesianOptimizationOracle):
    """Where a Gaussian process expects most, after a third of the trials were drawn."""

    def __init__(self, max_trials: int, **words: Any):
        first = max(2, max_trials // 3)  # upstream: 3 a hyperparameter, so often all of them
        super().__init__(max_trials=max_trials, num_initial_points=first, **words)

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """Draws where upstream would run the same trial twice."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of scikit-learn, where the process has not settled
            chosen: dict[str, Any] = super().populate_space(trial_id)
        if chosen["values"] is not None and self._duplicate(chosen["values"]):
            chosen = self._random_populate_space()
        return chosen


class _Grid(Durable, oracles.GridSearchOracle):
    """Every set of values, one after the other."""

    def populate_space(self, trial_id: str) -> dict[str, Any]:  # noqa: ARG002
        """The successor of the last; upstream forgets where it was when it is killed."""
        if self.start_order:
            values = self._get_next_combination(
                self.trials[self.start_order[-1]].hyperparameters.values
            )
        else:
            hp = self.get_space()
            values = {one.name: one.default for one in hp.space if hp.is_active(one)}
        status = TrialStatus.STOPPED if values is None else TrialStatus.RUNNING
        return {"status": status, "values": values}


class _Hyperband(Durable, oracles.HyperbandOracle):
    """Many for a few epochs, the best third of them for three times as many, and so on.

    One sweep over all its brackets is run, with as many brackets as there is room for in
    `max_trials`, and sets in the space: where these are few, each is trained for all epochs.
    """

    def __init__(
        self,
        max_trials: int,
        max_epochs: int,
        hyperparameters: keras_tuner.HyperParameters,
        **words: Any,
    ):
        self._room, self._sets = max_trials, _count_sets(hyperparameters)
        words["hyperparameters"] = hyperparameters
        super().__init__(max_epochs=max_epochs, hyperband_iterations=1, **words)
        self.max_trials = max_trials

    def _get_num_brackets(self) -> int:
        most: int = super()._get_num_brackets()
        trials = drawn = brackets = 0
        for bracket in range(most):
            trials += sum(self._get_size(bracket, number) for number in range(bracket + 1))
            drawn += self._get_size(bracket, 0)
            if trials <= self._room and 2 * drawn <= self._sets:  # draws find the last ones hardly
                brackets += 1
        return max(1, brackets)


def _count_sets(hyperparameters: keras_tuner.HyperParameters) -> float:
    """How many sets of values a space has, all conditions taken as fulfilled."""
    return math.prod(
        math.inf if isinstance(one, Float) and one.step is None else len(list(one.values))
        for one in hyperparameters.space
        if not isinstance(one, Fixed)
    )


ALGORITHMS = ("random", "bayesian", "hyperband", "grid")


def make_oracle(
    algorithm: str,
    *,
    objective: str,
    trials: int,
    epochs: int,
    seed: int,
    hyperparameters: keras_tuner.HyperParameters,
) -> Durable:
    """The oracle of that name.

    Args:
        algorithm: one of `ALGORITHMS`.
        objective: what is compared: the smallest, if its name ends in `loss`, else the largest.
        trials: at most so many.
        epochs: of a trial, at most; Hyperband gives most trials fewer.
        seed: of the draws, 0 or more.
        hyperparameters: the whole space.
    """
    words: dict[str, Any] = {
        "objective": keras_tuner.Objective(objective, direction_of(objective)),
        "seed": seed + 1,  # upstream takes 0 for none
        "hyperparameters": hyperparameters,
        "max_trials": trials,
    }
    if algorithm == "hyperband":
        return _Hyperband(max_epochs=epochs, **words)
    makers = {"random": _Random, "bayesian": _Bayesian, "grid": _Grid}
    return makers[algorithm](**words)


def direction_of(objective: str) -> str:
    """`"min"` or `"max"`.

    >>> direction_of("val_loss"), direction_of("val_accuracy")
    ('min', 'max')
    """
    return "min" if objective.endswith("loss") else "max"
