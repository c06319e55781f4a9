"""Checkpoints on the disk: the newest ones, and the best network."""

import re
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dnn_tf.arguments import check_between
from dnn_tf.storage import recover, replacing, seal, unseal
from dnn_tf.training.packing import Arrays
from dnn_tf.training.signature import Signature, check_same
from dnn_tf.training.snapshot import Position, Snapshot
from dnn_tf.types import InputError

FORMAT = 1
_STATE, _ARRAYS, _BEST = "state.json", "arrays.npz", "best"
_KEPT = 2


@dataclass(frozen=True)
class Best:
    """The best network of a training so far.

    Args:
        epoch: after which it was measured, from 0.
        monitor: what was compared: `val_loss`, or `loss` where there are no validation rows.
        value: of it, the smallest.
    """

    epoch: int
    monitor: str
    value: float


class Checkpoints:
    """A folder from which `fit` goes on after a kill, to the same bits.

    It holds the two newest states of the training, `epoch-E-step-S`, and in `best` the weights with
    the smallest validation loss. Each is written beside, with the checksums of its files, and then
    renamed: whatever happens meanwhile, those before are whole.

    Args:
        path: the folder; it is made where there is none.
        seconds: of training from one writing to the next: so much work may a kill cost, and the
            call under way. 0 writes after every call and every epoch. Default 60.

    Raises:
        InputError: `seconds` below 0.
    """

    def __init__(self, path: str | Path, *, seconds: float = 60.0):
        check_between(0, float("inf"), seconds=seconds)
        self.path = Path(path)
        self.seconds = seconds

    def within(self, name: str) -> "Checkpoints":
        """The checkpoints of one of several trainings, in a folder in this one."""
        return Checkpoints(self.path / name, seconds=self.seconds)

    def read(self, signature: Signature) -> tuple[Snapshot, Best | None] | None:
        """The newest state that is whole, and what is known of the best network.

        A damaged state is told of in a warning, and the one before it serves: the training takes
        the same steps once more.

        Raises:
            InputError: the folder cannot be written; it is of another training; it holds states,
                and none is whole.
        """
        self._check_writable()
        found = self._newest()
        if found is None:
            return None
        fields, arrays = found
        check_same(fields["signature"], signature, self.path)
        return Snapshot.unpack(fields["snapshot"], arrays), self._known_best(fields["best"])

    def write(
        self,
        snapshot: Snapshot,
        signature: Signature,
        best: Best | None,
        best_weights: list[np.ndarray] | None,
    ) -> None:
        """Adds a state and removes all but the two newest.

        Args:
            snapshot: the state.
            signature: of the training.
            best: its best network so far.
            best_weights: the values of its variables, where they are not in the folder yet.

        Raises:
            OSError: it cannot be written; what was there before is as it was.
        """
        about_best = None if best is None else vars(best)
        if best_weights is not None:
            arrays = {str(number): array for number, array in enumerate(best_weights)}
            _write(self.path / _BEST, {"best": about_best}, arrays)
        packed, arrays = snapshot.pack()
        fields = {"signature": signature, "best": about_best, "snapshot": packed}
        _write(self.path / _name(snapshot.position), fields, arrays)
        for folder in self._states()[:-_KEPT]:
            shutil.rmtree(folder, ignore_errors=True)

    def _check_writable(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with replacing(self.path / "probe") as probe:
                pass
            probe.with_name("probe").rmdir()
        except OSError as error:
            raise InputError(
                f"{self.path} cannot hold checkpoints ({error.strerror}): name a folder that can "
                "be written"
            ) from error

    def _states(self) -> list[Path]:
        """The folders of the states, the oldest first."""
        for previous in self.path.glob(".epoch-*.previous"):
            recover(self.path / previous.name[1:].removesuffix(".previous"))
        states = [path for path in self.path.glob("epoch-*-step-*") if path.is_dir()]
        return sorted(states, key=lambda path: [int(n) for n in re.findall(r"\d+", path.name)])

    def _newest(self) -> tuple[dict[str, Any], Arrays] | None:
        damages: list[str] = []
        for folder in reversed(self._states()):
            try:
                found = _read(folder)
            except InputError as error:
                damages.append(str(error))
                continue
            for damage in damages:
                warnings.warn(f"{damage}; the checkpoint before it serves", stacklevel=4)
            return found
        if damages:
            raise InputError(
                f"no checkpoint in {self.path} is whole ({damages[0]}): remove the folder to start "
                "anew"
            )
        return None

    def _known_best(self, about: dict[str, Any] | None) -> Best | None:
        """What stands in a state, where its weights are there too."""
        if about is None:
            return None
        try:
            _read(self.path / _BEST)
        except InputError as error:
            warnings.warn(
                f"{error}: the best network, of epoch {about['epoch']}, is lost; the best one from "
                "here on is kept",
                stacklevel=4,
            )
            return None
        return Best(**about)


def as_checkpoints(given: Any) -> Checkpoints | None:
    """What `fit` is given as `checkpoint`.

    Raises:
        InputError: it is neither a path nor `Checkpoints`.
    """
    if given is None or isinstance(given, Checkpoints):
        return given
    if not isinstance(given, str | Path) or not str(given):
        raise InputError(f"checkpoint is a path or training.Checkpoints, and got {given!r}")
    return Checkpoints(given)


def restore_best(model: keras.Model, path: str | Path) -> Best:
    """Gives a model the weights of the best epoch of a training with `fit(checkpoint=path)`.

    Args:
        model: built like the one that was trained.
        path: the folder of the checkpoints.

    Returns:
        Which epoch that was, and what was measured.

    Raises:
        InputError: there is no best network in the folder, or it is damaged or of another shape.
    """
    folder = Path(path) / _BEST
    recover(folder)
    if not folder.is_dir():
        raise InputError(
            f"{path} holds no best network: a folder given to fit(checkpoint=...) was "
            "expected, after its first epoch"
        )
    fields, arrays = _read(folder)
    shapes = [array.shape for array in arrays.values()]
    expected = [tuple(variable.shape) for variable in model.variables]
    if shapes != expected:
        raise InputError(
            f"the network in {folder} has variables of the shapes {shapes}, and model "
            f"{model.name!r} {expected}: build the model as it was trained"
        )
    for variable, array in zip(model.variables, arrays.values(), strict=True):
        variable.assign(array)
    return Best(**fields["best"])


def _name(position: Position) -> str:
    return f"epoch-{position.epoch:06d}-step-{position.taken.steps:09d}"


def _write(folder: Path, fields: dict[str, Any], arrays: Arrays) -> None:
    with replacing(folder) as beside:
        np.savez(beside / _ARRAYS, **arrays)
        seal(beside, _STATE, {"format": FORMAT, **fields})


def _read(folder: Path) -> tuple[dict[str, Any], Arrays]:
    """What `_write` was given, if every bit is as it was."""
    recover(folder)
    fields = unseal(folder, _STATE)
    if fields.get("format") != FORMAT:
        raise InputError(
            f"{folder} has the format {fields.get('format')!r}, and {FORMAT} was "
            "expected: it was written by another version of dnn_tf"
        )
    with np.load(folder / _ARRAYS, allow_pickle=False) as archive:
        return fields, dict(archive)
