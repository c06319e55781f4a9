"""A table with a header and a column of labels, as a dataset."""

import csv
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import isfinite
from pathlib import Path

import numpy as np

from dnn_tf.data.checks import LARGEST
from dnn_tf.data.classes import (
    MISSING,
    UNPRINTABLE,
    check_two,
    list_some,
    numbered,
    numbers_of_names,
)
from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.data.splitting import arranged
from dnn_tf.types import InputError

DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, eq=False)
class Table:
    """What stands in a file.

    Args:
        columns: the names of the features.
        x: float32 `(rows, features)`.
        labels: as they are written.
        lines: the number of each row's line, counted from 1.
    """

    columns: list[str]
    x: np.ndarray
    labels: list[str]
    lines: list[int]


def read(path: Path, label: str = "label", seed: int = 42, splits: bool = True) -> Dataset:
    """The rows of a CSV file, split for training, validation and test.

    The file is UTF-8, its cells parted by commas, semicolons or tabs; line 1 names the columns.
    One column is the label, text or whole numbers from 0, each written in one way (not `1` here and
    `01` there); the others are numbers, and become float32 as they are: nothing is scaled. Blank
    lines are skipped.

    Args:
        path: the file.
        label: the column of the labels.
        seed, splits: see `splitting.arranged`.

    Raises:
        InputError: a line that cannot be used; the message names it and the column.
    """
    table = _read_table(path, label)
    y, class_names = _classes(table, path, label, gaps=not splits)
    if splits:
        check_two(class_names, str(path))
    rows, class_names, remark = arranged(
        {"train": Split(table.x, y)}, class_names, seed, str(path), table.lines, splits=splits
    )
    return Dataset(**rows, class_names=class_names, source=f"{path} ({remark})", image_format=None)


def _read_table(path: Path, label: str) -> Table:
    records = _records(path)
    line, header = next(records, (1, []))
    names = [name.strip() for name in header]
    place = _label_column(names, label, f"{path}, line {line}")
    columns = names[:place] + names[place + 1 :]
    numbers, labels, lines = array("f"), [], []
    for line, cells in records:
        if len(cells) != len(names):
            raise InputError(
                f"{path}, line {line}: {len(cells)} cells, and the header has {len(names)}: give "
                "every line as many"
            )
        labels.append(_label(cells.pop(place), f"{path}, line {line}, column {label!r}"))
        try:
            if "_" in "".join(cells):  # which float() takes for a mark of thousands
                raise ValueError
            numbers.extend(map(float, cells))
        except ValueError:
            raise _no_number(cells, columns, f"{path}, line {line}") from None
        lines.append(line)
    if not lines:
        raise InputError(f"{path}: no rows below the header: add some")
    x = np.frombuffer(numbers, "float32").reshape(len(lines), len(columns))
    _check_finite(x, columns, lines, place, path)
    return Table(columns, x, labels, lines)


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that is not blank, after the number of the line.

    A record with line breaks in it has the number of its first line.
    """
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = next((line for line in stream if line.strip()), "")
            if "\0" in first:
                raise InputError(f"{path}: a binary file, and text was expected: save it as CSV")
            stream.seek(0)
            delimiter = max(DELIMITERS, key=lambda mark: len(_cells(first, mark)))
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}, line {_undecodable_line(path)}: not UTF-8 ({error.reason}): save the file as "
            "CSV in UTF-8"
        ) from error
    except csv.Error as error:
        raise InputError(f"{path}, line {line}: no CSV ({error}): check its quotes") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})") from error


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _undecodable_line(path: Path) -> int:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    raise AssertionError("the file has changed meanwhile")


def _label_column(names: Sequence[str], label: str, where: str) -> int:
    """Which column it is, all of them having names of their own."""
    if not any(names):
        raise InputError(f"{where}: no names of columns, and a header was expected: add one")
    if label not in names:
        raise InputError(
            f"{where}: no column is called {label!r}, and the header names "
            f"{list_some(names)}: rename the column of the labels, or give label="
        )
    for number, name in enumerate(names, start=1):
        if not name:
            raise InputError(f"{where}: column {number} has no name: give it one, or drop it")
        if name in names[: number - 1]:
            raise InputError(
                f"{where}: columns {names.index(name) + 1} and {number} are both called "
                f"{name!r}: rename or drop one"
            )
    if len(names) == 1:
        raise InputError(f"{where}: {label!r} is the only column: add columns of numbers")
    return names.index(label)


def _label(cell: str, where: str) -> str:
    text = cell.strip()
    if text.lower() in MISSING:
        raise InputError(f"{where}: the label is missing ({text!r}): fill it in or drop the line")
    if UNPRINTABLE.search(text):
        raise InputError(
            f"{where}: the label is {text!r}, and text without control characters or line breaks "
            "was expected: rename it or drop the line"
        )
    return text


def _no_number(cells: Sequence[str], columns: Sequence[str], where: str) -> InputError:
    """The first cell of a line that is no number."""
    for name, cell in zip(columns, cells, strict=True):
        try:
            float(cell.replace("_", "no number"))
        except ValueError:
            if cell.strip().lower() in MISSING:
                problem = f"the cell is empty ({cell!r}): fill it in or drop the line"
            else:
                problem = f"{cell!r} is no number: write one, with a decimal point, or drop it"
            return InputError(f"{where}, column {name!r}: {problem}")
    raise AssertionError(f"{where}: every cell is a number")


def _check_finite(
    x: np.ndarray, columns: Sequence[str], lines: Sequence[int], place: int, path: Path
) -> None:
    """No NaN, no infinity, and nothing that became infinite as float32."""
    if np.isfinite(x.min()) and np.isfinite(x.max()):
        return
    bad = np.argwhere(~np.isfinite(x))
    row, column = map(int, bad[0])
    _, cells = next(islice(_records(path), row + 1, None))  # as it is written
    cell = cells[column + (column >= place)].strip()
    problem = "too large for float32: scale it" if isfinite(float(cell)) else "no finite number"
    raise InputError(
        f"{path}, line {lines[row]}, column {columns[column]!r}: {cell} is {problem} "
        f"({len(bad)} such cells in all, the largest allowed is {LARGEST:.3g}): repair or drop "
        "those lines"
    )


def _classes(
    table: Table, path: Path, label: str, gaps: bool
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Class numbers and names: numbers where all labels are, with gaps or without; else names."""
    try:
        if any("_" in text for text in table.labels):
            raise ValueError
        y = np.array([float(text) for text in table.labels])
    except ValueError:
        class_names = tuple(sorted(set(table.labels)))
        return numbers_of_names(table.labels, class_names, str(path)), class_names
    bad = np.flatnonzero(~(np.isfinite(y) & (y >= 0) & (y == np.floor(y))))
    if len(bad):
        raise InputError(
            f"{path}, line {table.lines[bad[0]]}, column {label!r}: the label is "
            f"{table.labels[bad[0]]} ({len(bad)} such labels in all), and a whole number, 0 or "
            "more, was expected: renumber or drop those lines"
        )
    numbers, class_names = numbered(y, str(path), table.lines, gaps)
    _check_spelling(table, y, path, label)
    return numbers, class_names


def _check_spelling(table: Table, y: np.ndarray, path: Path, label: str) -> None:
    """One way of writing each number: `01` and `1` may have been meant as two classes."""
    written: dict[float, str] = {}
    for line, number, text in zip(table.lines, y.tolist(), table.labels, strict=True):
        if (first := written.setdefault(number, text)) != text:
            raise InputError(
                f"{path}, line {line}, column {label!r}: the label is written {text!r}, and "
                f"{first!r} above it: write each class in one way"
            )
