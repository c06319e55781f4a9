"""The arrays and weights that the driver writes once and every peer reads."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.works import Work, initial_weights


@dataclass(frozen=True)
class Data:
    """What a peer is given: `x` `(rows, 784)` in float32 from 0 to 1, `y` `(rows,)`, weights."""

    x: np.ndarray
    y: np.ndarray
    weights: list[tuple[np.ndarray, np.ndarray]]

    def first(self, rows: int) -> "Data":
        """The same with the first rows."""
        return replace(self, x=self.x[:rows], y=self.y[:rows])


def write_arrays(folder: Path, x: np.ndarray, y: np.ndarray) -> None:
    """The images and labels of all works."""
    np.save(folder / "x.npy", np.ascontiguousarray(x, "float32"))
    np.save(folder / "y.npy", np.asarray(y, "int32"))


def write_work(folder: Path, work: Work) -> Path:
    """A folder for a work, with its settings and the weights that all start from."""
    place = folder / work.name
    place.mkdir(exist_ok=True)
    (place / "work.json").write_text(json.dumps(work.as_dict()), encoding="utf-8")
    weights = initial_weights(work)
    named = {f"kernel{n}": kernel for n, (kernel, _) in enumerate(weights)}
    named |= {f"bias{n}": bias for n, (_, bias) in enumerate(weights)}
    np.savez(place / "weights.npz", **named)
    return place


def read_work(place: Path) -> tuple[Work, Data]:
    """What `write_work` and, beside it, `write_arrays` wrote.

    The rows are cut to whole batches, so that no peer has a smaller last one to compile.
    """
    work = Work.from_dict(json.loads((place / "work.json").read_text(encoding="utf-8")))
    with np.load(place / "weights.npz") as file:
        weights = [(file[f"kernel{n}"], file[f"bias{n}"]) for n in range(len(file) // 2)]
    x, y = np.load(place.parent / "x.npy"), np.load(place.parent / "y.npy")
    rows = rows_of(work, len(x))
    return work, Data(x[:rows], y[:rows], weights)


def rows_of(work: Work, there: int) -> int:
    """How many rows a work takes of those that are there."""
    rows = there if work.rows is None else min(work.rows, there)
    return rows // work.batch * work.batch if work.task == "train" else rows
