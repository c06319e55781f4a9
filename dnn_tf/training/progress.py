"""The progress bar of training: on stderr, and only where a person looks on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_SHOWN = ("loss", "val_loss")  # as much as a line of 80 characters holds


class Bar:
    """A bar over all rows of all epochs, the last epoch's results beside it."""

    def __init__(self, progress: Progress, epochs: int, rows: int | None):
        self._progress = progress
        self._rows = rows
        self._is_compiling = True
        self._epochs = progress.add_task("training", total=epochs, results="compiling")

    def reach(self, epoch: int, rows: int) -> None:
        """So many epochs are done, and so many rows of the next."""
        if rows and self._is_compiling:
            self._is_compiling = False
            self._progress.update(self._epochs, results="")
        share = 0 if self._rows is None else rows / self._rows
        self._progress.update(self._epochs, completed=epoch + share)

    def end_epoch(self, epoch: int, logs: dict[str, float]) -> None:
        """The epoch is done and measured."""
        results = "  ".join(f"{name} {logs[name]:.4f}" for name in _SHOWN if name in logs)
        self._progress.update(self._epochs, completed=epoch + 1, results=results)


@contextmanager
def progress_bar(show: bool | None, epochs: int, rows: int | None) -> Iterator[Bar]:
    """A bar for the time of the training.

    Args:
        show: `None` shows it where stderr is a terminal.
        epochs: how many.
        rows: of an epoch; `None`: the bar moves from epoch to epoch.
    """
    columns = (
        TextColumn("epoch"),
        MofNCompleteColumn(),
        BarColumn(bar_width=24),
        TimeRemainingColumn(),
        TextColumn("{task.fields[results]}"),
    )
    hidden = not (sys.stderr.isatty() if show is None else show)
    console = Console(stderr=True, force_terminal=show)
    # Printed lines go above the bar; but where stdout is a file, they belong into the file.
    above = sys.stdout.isatty()
    with Progress(*columns, console=console, disable=hidden, redirect_stdout=above) as progress:
        yield Bar(progress, epochs, rows)
