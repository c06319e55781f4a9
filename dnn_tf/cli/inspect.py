"""The command that looks at the layers of a saved network."""

import argparse
import io
from pathlib import Path
from typing import TYPE_CHECKING

from dnn_tf.cli.answer import print_json
from dnn_tf.types import InputError

if TYPE_CHECKING:
    from dnn_tf.diagnostics import Report

_KINDS = ("png", "pdf", "svg")


def inspect(options: argparse.Namespace, _: argparse.ArgumentParser) -> None:
    """A table, the verdict, and a figure where one is asked for."""
    from dnn_tf.runs import inspect_saved

    figure = None if options.figure is None else Path(options.figure)
    if figure is not None and figure.suffix[1:].lower() not in _KINDS:
        raise InputError(f"{figure} does not end in .{', .'.join(_KINDS)}: name it {figure}.png")
    if figure is not None and not figure.parent.is_dir():
        raise InputError(f"{figure.parent} is no folder: make it, or name another for the figure")
    report = inspect_saved(options.model, options.data, split=options.split, rows=options.rows)
    if figure is not None:
        _write(report, figure)
    if options.json:
        print_json(report.summary())
        return
    print(report)
    if figure is not None:
        print(f"figure       {figure}")


def _write(report: "Report", path: Path) -> None:
    from dnn_tf.storage import replacing_file

    drawn = io.BytesIO()
    report.figure().savefig(drawn, format=path.suffix[1:].lower())
    with replacing_file(path) as beside:
        beside.write_bytes(drawn.getvalue())
