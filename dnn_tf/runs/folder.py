"""The folder of a run: what was asked, what was measured, and pictures of it."""

import csv
import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf.runs.manifest import Manifest
from dnn_tf.runs.settings import Settings
from dnn_tf.storage import replacing_file
from dnn_tf.types import InputError

_CONFIG, _MANIFEST, _METRICS = "config.json", "manifest.json", "metrics.csv"


class RunFolder(keras.callbacks.Callback):
    """Writes a row of `metrics.csv` an epoch, and files and figures on demand.

    Of several trainings (random starts, say) each row tells the number. A row is on the disk when
    its epoch ends, so a run that is killed leaves what it measured; when it goes on, the rows of
    epochs that are trained once more are replaced.

    Args:
        path: of the folder, which is there.
        part: what one of several trainings is called, such as `"start"`. `None`: there is only one.
    """

    def __init__(self, path: str | Path, part: str | None = None):
        super().__init__()
        self.path = Path(path)
        self._part, self._number = part, 0

    @classmethod
    def begin(
        cls,
        path: str | Path,
        settings: Mapping[str, Any],
        manifest: Manifest,
        part: str | None = None,
    ) -> "RunFolder":
        """A new folder, or an empty one, with `manifest.json` and `config.json`.

        Raises:
            InputError: the folder holds something, or cannot be written.
        """
        folder = cls(path, part)
        check_new(folder.path)
        try:
            folder.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{path} cannot be written ({error.strerror}): name a folder that can be"
            ) from error
        folder.write_json(_MANIFEST, manifest.to_fields())
        folder.write_json(_CONFIG, settings)  # last: now there is a run
        return folder

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Counts the trainings."""
        self._number += 1

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Adds the row of the epoch."""
        row: dict[str, Any] = {"epoch": epoch, **(logs or {})}
        if self._part is not None:
            row = {self._part: self._number, **row}
        try:
            self._write_row(row, (self._number, epoch))
        except OSError as error:  # checkpoints have the row too
            warnings.warn(
                f"the row of epoch {epoch} could not be written to {self.path / _METRICS} "
                f"({error.strerror or error}): training goes on",
                stacklevel=2,
            )

    def _write_row(self, row: dict[str, Any], now: tuple[int, int]) -> None:
        path = self.path / _METRICS
        before = _rows_before(path, now, self._part)
        if before is None:
            with path.open("a", newline="", encoding="utf-8") as file:
                _write_rows(file, [row], header=path.stat().st_size == 0)
            return
        with (
            replacing_file(path) as beside,
            beside.open("w", newline="", encoding="utf-8") as file,
        ):
            _write_rows(file, [*before, row], header=True)

    def write_json(self, name: str, value: Any) -> None:
        """A JSON file."""
        text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        with replacing_file(self.path / name) as beside:
            beside.write_text(text, encoding="utf-8")

    def write_figure(self, name: str, figure: Figure) -> None:
        """A PNG file."""
        figure.savefig(self.path / name)


class NoFolder(RunFolder):
    """Of a worker that is not the chief: writes nothing."""

    def _write_row(self, row: dict[str, Any], now: tuple[int, int]) -> None:
        pass

    def write_json(self, name: str, value: Any) -> None:
        """Does not."""

    def write_figure(self, name: str, figure: Figure) -> None:
        """Does not."""


def is_begun(path: str | Path, settings: Settings) -> bool:
    """Whether a folder holds a run with these very settings."""
    return (Path(path) / _CONFIG).is_file() and read_run(path)[0] == settings


def read_run(path: str | Path) -> tuple[Settings, Manifest]:
    """What a run was asked, and what it ran on.

    Raises:
        InputError: the folder holds no run, or its files are damaged.
    """
    path = Path(path)
    if not (path / _CONFIG).is_file():
        raise InputError(
            f"{path} holds no run (it has no {_CONFIG}): name the run folder of dnn-tf train"
        )
    settings, manifest = _read_json(path / _CONFIG), _read_json(path / _MANIFEST)
    try:
        found = Settings(**settings | {"hidden": tuple(settings["hidden"])}), Manifest(**manifest)
    except (TypeError, KeyError, ValueError) as error:
        raise InputError(
            f"{path} holds a run that this version of dnn_tf cannot read ({error}): start a new one"
        ) from error
    if found[0].learning_rate == "auto" and found[1].found_learning_rate is None:
        raise InputError(f"{path / _MANIFEST} lacks found_learning_rate: start a new run")
    return found


def _read_json(file: Path) -> dict[str, Any]:
    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{file} is missing or damaged ({error}): start a new run") from error
    if not isinstance(fields, dict):
        raise InputError(f"{file} is damaged, it holds no JSON object: start a new run")
    return fields


def check_new(path: str | Path) -> None:
    """Whether a run may have this folder, without making it.

    Raises:
        InputError: the folder holds something.
    """
    path = Path(path)
    if path.exists() and (not path.is_dir() or _holds_something(path)):
        raise InputError(
            f"{path} is there already and not empty; a run keeps what another has written: "
            "name a new folder"
        )


def _holds_something(folder: Path) -> bool:
    """More than a run that was killed before it began."""
    return any(path.name != _MANIFEST and path.suffix != ".tmp" for path in folder.iterdir())


def _rows_before(path: Path, now: tuple[int, int], part: str | None) -> list[dict[str, Any]] | None:
    """The whole rows of earlier trainings and epochs, where others are in the file; else `None`."""
    if not path.exists():
        return None
    try:
        text = path.read_bytes().decode()
        whole = text[: text.rfind("\n") + 1]  # a kill may have cut the last row off
        rows = list(csv.DictReader(whole.splitlines()))
        number = [int(row[part]) if part else now[0] for row in rows]
        before = [row for row, n in zip(rows, number, strict=True) if (n, int(row["epoch"])) < now]
    except (ValueError, KeyError, TypeError, csv.Error):
        aside = path.with_name(f"{path.name}.damaged")
        path.replace(aside)
        warnings.warn(f"{path} is damaged: it is {aside.name} now, and begun anew", stacklevel=4)
        return None
    return None if len(before) == len(rows) and whole == text else before


def _write_rows(file: Any, rows: list[dict[str, Any]], header: bool) -> None:
    writer = csv.DictWriter(file, fieldnames=list(rows[-1]))
    if header:
        writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in rows)


def _plain(value: Any) -> Any:
    return round(float(value), 8) if isinstance(value, float | np.floating) else value
