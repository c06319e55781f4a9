"""Where the rows of a stream come from."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from dnn_tf.types import InputError, Tensor

BLOCK_BYTES = 2**20
"""Rows go through a pipeline in blocks of about so many bytes: one by one they would take ten times
as long."""


@dataclass(frozen=True)
class Layout:
    """What every row of a source is.

    Args:
        x_shape, y_shape: of one row.
        x_dtype, y_dtype: names of NumPy's types.
    """

    x_shape: tuple[int, ...]
    y_shape: tuple[int, ...]
    x_dtype: str
    y_dtype: str

    @property
    def n_bytes(self) -> int:
        """Of one row, at least 1."""
        x = np.dtype(self.x_dtype).itemsize * int(np.prod(self.x_shape))
        y = np.dtype(self.y_dtype).itemsize * int(np.prod(self.y_shape))
        return max(1, x + y)

    @property
    def block_rows(self) -> int:
        """Rows that make a block."""
        return max(1, BLOCK_BYTES // self.n_bytes)


class Source(Protocol):
    """Gives its rows again and again, in blocks.

    Attributes:
        layout: of a row.
        rows: how many there are; `None` where only reading them tells.
        title: one line that says where they come from.
        mixes: whether it draws the order of all its rows by itself.
    """

    layout: Layout
    rows: int | None
    title: str
    mixes: bool

    def blocks(self, seed: int | None, skip: int) -> tuple[Tensor, int]:
        """A `tf.data.Dataset` of blocks `(x, y)`, `(rows, ...)` each, and how many it left out.

        Args:
            seed: of the order, as far as the source draws one; `None`: always the same order.
            skip: rows that may be left out at the beginning, where that is cheap.
        """

    def identity(self) -> Any:
        """What makes it this one and no other, for JSON."""

    def place(self, row: int) -> str:
        """What the row of that number, in the order without a seed, is called in an error."""

    def explain(self, error: Exception) -> Exception:
        """What went wrong in the reading, in the caller's words."""


def check_layout(layout: Layout, where: str) -> None:
    """Features in an order, and numbers in both.

    Raises:
        InputError: a row is a lone number, or holds no numbers.
    """
    if not layout.x_shape or 0 in layout.x_shape:
        raise InputError(
            f"{where}: x of a row has the shape {layout.x_shape}, and (features,) was expected: "
            "give a row a list of numbers"
        )
    for name, dtype in (("x", layout.x_dtype), ("y", layout.y_dtype)):
        if dtype == "string" or np.dtype(dtype).kind not in "biuf":
            raise InputError(
                f"{where}: {name} holds {dtype}, and real numbers were expected: convert it, as in "
                f"{name}.astype('float32')"
            )
