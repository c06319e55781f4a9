"""The health of the layers, written down while a network is trained."""

import csv
import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from dnn_tf.diagnostics.door import check_inputs, sampled
from dnn_tf.diagnostics.inspection import ROWS, looked_at
from dnn_tf.diagnostics.layer_health import LayerHealth
from dnn_tf.diagnostics.looking import Look
from dnn_tf.diagnostics.report import Report
from dnn_tf.training import EverySteps
from dnn_tf.types import InputError, Tensor, first_line

_COLUMNS = (
    "mean", "std", "mean_before", "std_before", "signal", "saturated", "dead", "forward",
    "backward", "delta_norm", "delta_share", "weight_norm", "gradient_norm", "gradient_ratio",
    "update_ratio", "shift", "stretch",
)  # fmt: skip
"""The numbers of a layer that are written."""


class WatchLayers(EverySteps):
    """Inspects the layers every epoch, or every so many steps, and writes down what it finds.

    In the folder `layers.csv` gets a row a layer, with the problem in its last column, and
    `tensorboard` the same numbers, with histograms of the outputs, the weights and the gradients:
    `tensorboard --logdir FOLDER`. The loss and the optimiser are those of the training, which goes
    on as if nobody had looked: the same bits.

    It works in `dnn_tf.fit` and in `model.fit`. A training that goes on after a kill writes each
    row once: checkpoints know how long the file was.

    Args:
        folder: made where there is none; a `layers.csv` that is there is replaced.
        data: `(x, y)`, such as some training rows. `None`: the validation rows of `dnn_tf.fit`.
        every: steps between two looks. `None`: the ends of the epochs.
        rows: of the data so many are drawn, once; see `diagnostics.inspect`.
        histograms: whether TensorBoard gets them: most of the time and of the disk.

    Raises:
        InputError: no data, or data that the model cannot take.

    Warns:
        UserWarning: a look that failed, as with a loss that is no number; training goes on.
    """

    def __init__(
        self,
        folder: str | Path,
        data: tuple[Any, Any] | None = None,
        *,
        every: int | None = None,
        rows: int = ROWS,
        histograms: bool = True,
    ):
        super().__init__(every)
        self.folder = Path(folder)
        self.rows = rows
        self.histograms = histograms
        self._drawn = None if data is None else _drawn(data, rows)
        self._trainings = 0
        self._written = 0  # bytes; a checkpoint remembers them
        self._board = _board(self.folder / "tensorboard")

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Looks whether there is something to look with."""
        super().on_train_begin(logs)
        check_inputs(self.model, self._rows()[0])
        self._trainings += 1

    def act(self, logs: dict[str, Any]) -> None:  # noqa: ARG002
        """Looks, and writes."""
        try:
            report, seen = looked_at(self.model, *self._rows())
            self._write_csv(report)
            self._write_board(report, seen)
        except (InputError, OSError, tf.errors.OpError) as error:
            warnings.warn(
                f"the layers were not looked at after step {self.steps} ({first_line(error)}): "
                "training goes on",
                stacklevel=2,
            )

    def _rows(self) -> tuple[Any, Any, int]:
        """Features, labels, and how many."""
        if self._drawn is not None:
            return self._drawn()
        split = self._offered
        if split is None:
            raise InputError(
                "WatchLayers has no rows to look with: give data=(x, y), or a dnn_tf.fit with "
                "validation rows"
            )
        return sampled(split.x, split.y, self.rows, seed=0)

    def _write_csv(self, report: Report) -> None:
        """Behind what was there at the last look: what a killed training wrote later is cut off."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "layers.csv"
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.truncate(min(self._written, path.stat().st_size))
            end = file.seek(0, io.SEEK_END)
            file.write(_csv(report, self._trainings, self.steps, header=end == 0).encode())
            self._written = file.tell()

    def _write_board(self, report: Report, seen: Look) -> None:
        with self._board().as_default(self.steps):
            for layer, call in zip(report.layers, seen.calls, strict=True):
                for name in _COLUMNS:
                    if (value := getattr(layer, name)) is not None:
                        tf.summary.scalar(f"{layer.name}/{name}", value)
                if self.histograms:
                    _histogram(f"{layer.name}/outputs", call.outputs)
                    for weight in call.layer.trainable_variables:
                        _histogram(f"{layer.name}/{weight.name}", weight.value)
                        if (gradient := seen.gradients.get(id(weight))) is not None:
                            _histogram(f"{layer.name}/{weight.name}_gradient", gradient)
        self._board().flush()


def _csv(report: Report, training: int, step: int, header: bool) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    if header:
        writer.writerow(["training", "step", "layer", *_COLUMNS, "problem"])
    for layer in report.layers:
        writer.writerow([training, step, layer.name, *_numbers(layer), layer.problem or ""])
    return text.getvalue()


def _numbers(layer: LayerHealth) -> list[str]:
    values = (getattr(layer, name) for name in _COLUMNS)
    return ["" if value is None else f"{np.float64(value):.6g}" for value in values]


def _histogram(name: str, values: Tensor) -> None:
    """None of numbers that are infinite: there would be no end to its axis."""
    if bool(tf.reduce_all(tf.math.is_finite(values))):
        tf.summary.histogram(name, values)


def _drawn(data: Any, rows: int) -> Callable[[], tuple[Any, Any, int]]:
    """The rows that are looked at; a function, for a checkpoint need not hold them."""
    if not isinstance(data, list | tuple) or len(data) != 2:
        raise InputError(
            f"WatchLayers: data is a pair (x, y), and got {type(data).__name__}"
            f"{f' of {len(data)}' if isinstance(data, list | tuple) else ''}: give labels too"
        )
    x, y = data
    found = sampled(x, y, rows, seed=0)
    return lambda: found


def _board(folder: Path) -> Callable[[], Any]:
    """The writer of TensorBoard's files, made at its first use.

    A function, for a checkpoint keeps what a callback holds, and this is to be made anew.
    """
    made: list[Any] = []

    def writer() -> Any:
        if not made:
            made.append(tf.summary.create_file_writer(str(folder)))
        return made[0]

    return writer
