"""What came of each trial, read from the files of a search."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dnn_tf.tuning.identity import read_identity
from dnn_tf.tuning.oracles import ERROR, TRIALS, direction_of


@dataclass(frozen=True)
class TrialRecord:
    """A trial that has ended.

    Args:
        number: counted from 0, in the order of their beginnings.
        status: `"completed"` or `"failed"`.
        score: the objective; `None` of one that failed.
        seconds: from its beginning to its end.
        ended: seconds that the search had run by then.
        epochs: that were trained, and `best_epoch`, whose weights were kept, from 0; the means over
            the folds.
        values: of the hyperparameters.
        message: why it failed, in one line; the whole of it is in `error.txt` of its folder.
    """

    number: int
    status: str
    score: float | None
    seconds: float
    ended: float
    epochs: float | None
    best_epoch: float | None
    values: dict[str, Any]
    message: str | None


def read_trials(directory: Path) -> list[TrialRecord]:
    """All trials that have ended, in the order of their beginnings."""
    names = [path.parent.name for path in (directory / TRIALS).glob("trial_*/trial.json")]
    found = [read_trial(directory, name.removeprefix("trial_")) for name in names]
    return sorted((one for one in found if one is not None), key=lambda one: one.number)


def read_trial(directory: Path, number: str) -> TrialRecord | None:
    """One of them, by its number as KerasTuner writes it; `None` if it has not ended."""
    folder = directory / TRIALS / f"trial_{number}"
    state = json.loads((folder / "trial.json").read_text(encoding="utf-8"))
    if state["status"] not in ("COMPLETED", "FAILED"):
        return None
    began, ended = state["times"]
    measured = state["metrics"]["metrics"]

    def mean(name: str) -> float | None:
        return measured[name]["observations"][-1]["value"][0] if name in measured else None

    completed = state["status"] == "COMPLETED"
    return TrialRecord(
        number=int(state["trial_id"]),
        status=state["status"].lower(),
        score=state["score"] if completed else None,
        seconds=round(ended - began, 2),
        ended=round(ended, 2),
        epochs=mean("epochs"),
        best_epoch=mean("best_epoch"),
        values=_in_order(state["hyperparameters"]["values"], read_identity(directory).names()),
        message=None if completed else _last_line(folder / ERROR),
    )


def _in_order(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The values as the space asks for them: from a worker they come in any order."""
    return {name: values[name] for name in dict.fromkeys([*names, *values]) if name in values}


def _last_line(file: Path) -> str:
    """Of a traceback, without the module of the error."""
    try:
        lines = file.read_text(encoding="utf-8").strip().splitlines()
    except OSError:
        return "the score is no number"
    kind, colon, text = lines[-1].partition(": ")
    return f"{kind.rpartition('.')[2]}{colon}{text}"


def ranked(trials: Sequence[TrialRecord], objective: str) -> list[TrialRecord]:
    """From the best score to the worst, the first of equal ones first; then those that failed."""
    sign = 1 if direction_of(objective) == "min" else -1
    return sorted(
        trials, key=lambda one: (one.score is None, sign * (one.score or 0.0), one.number)
    )


def active(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what Hyperband keeps among them for itself."""
    return {name: value for name, value in values.items() if not name.startswith("tuner/")}


def shown(values: Mapping[str, Any]) -> str:
    """In one line.

    >>> shown({"depth": 3, "learning_rate": 0.0123456})
    'depth 3, learning_rate 0.0123'
    """
    return ", ".join(
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in active(values).items()
    )
