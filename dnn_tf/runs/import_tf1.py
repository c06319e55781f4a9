"""From a TF1 checkpoint to a saved network."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dnn_tf.saving import check_destination, save
from dnn_tf.tf1 import CheckpointTable, inspect_checkpoint, load_checkpoint


@dataclass(frozen=True)
class Imported:
    """What came of a checkpoint.

    Args:
        table: what became of each of its variables.
        saved_model: the folder that was written.
    """

    table: CheckpointTable
    saved_model: Path

    def summary(self) -> dict[str, Any]:
        """For a program to read."""
        return {
            "checkpoint": str(self.table.path),
            "saved_model": str(self.saved_model),
            "variables": [row._asdict() for row in self.table.rows],
        }


def import_tf1(
    checkpoint: str | Path,
    out: str | Path,
    *,
    activation: Any = "relu",
    scope: str | None = None,
    layers: Sequence[str] | None = None,
    **options: Any,
) -> Imported:
    """The dense network in a TF1 checkpoint, saved as an artefact.

    Args:
        checkpoint, activation, scope, layers, **options: see `tf1.load_checkpoint`.
        out: the folder of the artefact; see `saving.save`.

    Raises:
        InputError: see `tf1.load_checkpoint` and `saving.save`.
        OSError: the artefact could not be written.
    """
    out = check_destination(out)
    table = inspect_checkpoint(checkpoint, scope=scope, layers=layers)
    model = load_checkpoint(checkpoint, activation, scope=scope, layers=layers, **options)
    names = [getattr(one, "__name__", str(one)) for one in _as_list(activation)]
    told = {"tf1_checkpoint": str(table.path), "activation": names, **options}
    return Imported(table, save(model, out, settings=told))


def _as_list(given: Any) -> Sequence[Any]:
    return given if isinstance(given, list | tuple) else [given]
