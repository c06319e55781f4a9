"""The folder of a run: what was asked, what was measured, and pictures of it."""

import csv
import dataclasses
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf.runs.settings import Settings
from dnn_tf.types import InputError


class RunFolder(keras.callbacks.Callback):
    """Writes `config.json` at once, a row of `metrics.csv` an epoch, and figures on demand.

    Of several random starts each row tells the number. A row is on the disk when its epoch ends, so
    a run that is killed leaves what it measured.

    Args:
        path: a folder that does not exist yet, or is empty.
        settings: of the run.

    Raises:
        InputError: the folder holds something, or cannot be written.
    """

    def __init__(self, path: str | Path, settings: Settings):
        super().__init__()
        self.path = Path(path)
        self._several, self._start = settings.starts > 1, 0
        check_new(self.path)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{path} cannot be written ({error.strerror}): name a folder that can be"
            ) from error
        self.write_json("config.json", dataclasses.asdict(settings))

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Counts the starts."""
        self._start += 1

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Adds the row of the epoch."""
        row: dict[str, Any] = {"epoch": epoch, **(logs or {})}
        if self._several:
            row = {"start": self._start, **row}
        path = self.path / "metrics.csv"
        is_first = not path.exists()  # a start that diverges at once writes no row
        with path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(row))
            if is_first:
                writer.writeheader()
            writer.writerow({name: _plain(value) for name, value in row.items()})

    def write_json(self, name: str, value: Any) -> None:
        """A JSON file."""
        text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        (self.path / name).write_text(text, encoding="utf-8")

    def write_figure(self, name: str, figure: Figure) -> None:
        """A PNG file."""
        figure.savefig(self.path / name)


def check_new(path: str | Path) -> None:
    """Whether a run may have this folder, without making it.

    Raises:
        InputError: the folder holds something.
    """
    path = Path(path)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InputError(
            f"{path} is there already and not empty; a run keeps what another has written: "
            "name a new folder"
        )


def _plain(value: Any) -> Any:
    return round(float(value), 8) if isinstance(value, float | np.floating) else value
