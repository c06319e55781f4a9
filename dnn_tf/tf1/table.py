"""What became of each variable of a checkpoint."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dnn_tf.tf1.names import place
from dnn_tf.tf1.network import Network
from dnn_tf.tf1.reader import Variables

_START = {"bias": "zeros", "beta": "zeros", "gamma": "ones"}


class Row(NamedTuple):
    """One variable.

    Args:
        variable: its name in the checkpoint.
        shape: of its value.
        weight: what it became, such as `hidden1.kernel`; empty if it was left out.
        note: why it was left out; or what else is to know.
    """

    variable: str
    shape: tuple[int, ...]
    weight: str
    note: str = ""


@dataclass(frozen=True)
class CheckpointTable:
    """All variables of a checkpoint: those of the layers in order, then those left out.

    Printed, it is a table.

    Args:
        path: of the checkpoint.
        rows: one a variable.
    """

    path: Path
    rows: tuple[Row, ...]

    @property
    def mapped(self) -> tuple[Row, ...]:
        """The rows of what is in the model."""
        return tuple(row for row in self.rows if row.weight)

    @property
    def left_out(self) -> tuple[Row, ...]:
        """The rows of what is not."""
        return tuple(row for row in self.rows if not row.weight)

    def __str__(self) -> str:
        lines = [("variable", "shape", "became", "")]
        lines += [
            (row.variable, _by(row.shape), row.weight or "left out", row.note) for row in self.rows
        ]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )


def make_table(path: Path, variables: Variables, network: Network) -> CheckpointTable:
    """The table of a network and the variables that it was found in."""
    rows = []
    for layer, parts in network.parts:
        missing = [part for part, name in parts.items() if name is None]
        notes = [f"no {part} in the checkpoint: {_START[part]}" for part in missing]
        for part, name in parts.items():
            if name is not None:
                note = "; ".join(notes) if part in ("kernel", "moving_mean") else ""
                rows.append(Row(name, variables[name].shape, f"{layer}.{part}", note))
    left_out = sorted(network.left_out, key=place)
    rows += [Row(name, variables[name].shape, "", network.left_out[name]) for name in left_out]
    return CheckpointTable(path, tuple(rows))


def _by(shape: tuple[int, ...]) -> str:
    """`784 x 300`."""
    return " x ".join(map(str, shape)) or "one number"
