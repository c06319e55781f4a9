"""What a search came to."""

import csv
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dnn_tf import plots
from dnn_tf.storage import replacing_file
from dnn_tf.tuning.records import TrialRecord, active, shown

_SHOWN = 10
"""Trials in the table for a person."""


@dataclass(frozen=True)
class SearchResult:
    """What a search came to.

    Args:
        objective: what was compared.
        best: the trial with the best score.
        trials: all that have ended, from the best score to the worst; then those that failed.
        measured: of the best network, trained on all training rows: accuracy and loss on the
            validation rows, and on the test rows where there are any; and its `epochs`.
        source: where the data came from.
        device: what did the work.
        seconds: of the trials in this call.
        saved_model, directory: the folders that were written.
    """

    objective: str
    best: TrialRecord
    trials: list[TrialRecord]
    measured: dict[str, float]
    source: str
    device: str
    seconds: float
    saved_model: str
    directory: str

    def summary(self) -> dict[str, Any]:
        """For a program to read."""
        fields = asdict(self)
        return {"best": fields.pop("best") | {"measured": fields.pop("measured")}, **fields}

    def __str__(self) -> str:
        """The best trials, a line each."""
        lines = [f"{'trial':>5}  {self.objective:>12}  {'seconds':>7}  {'epochs':>6}  values"]
        for trial in self.trials[:_SHOWN]:
            score = "failed" if trial.score is None else f"{trial.score:.4f}"
            epochs = "" if trial.epochs is None else f"{trial.epochs:.0f}"
            told = trial.message if trial.score is None else shown(trial.values)
            lines.append(
                f"{trial.number:>5}  {score:>12}  {trial.seconds:>7.1f}  {epochs:>6}  {told}"
            )
        if len(self.trials) > _SHOWN:
            lines.append(f"and {len(self.trials) - _SHOWN} more in {self.directory}/trials.csv")
        return "\n".join(lines)

    def write(self, directory: Path) -> None:
        """`result.json`, `trials.csv` and `search.png` in the folder of the search."""
        with replacing_file(directory / "result.json") as beside:
            text = json.dumps(self.summary(), indent=2, ensure_ascii=False)
            beside.write_text(f"{text}\n", encoding="utf-8")
        with (
            replacing_file(directory / "trials.csv") as beside,
            beside.open("w", newline="", encoding="utf-8") as file,
        ):
            rows = [
                {**vars(trial), **{f"hp.{name}": value for name, value in trial.values.items()}}
                for trial in self.trials
            ]
            names = list(dict.fromkeys(name for row in rows for name in row if name != "values"))
            writer = csv.DictWriter(file, names, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        plots.search(
            [active(trial.values) for trial in self.trials],
            [trial.score for trial in self.trials],
            [trial.ended for trial in self.trials],
            objective=self.objective,
            title=self.source,
        ).savefig(directory / "search.png")
