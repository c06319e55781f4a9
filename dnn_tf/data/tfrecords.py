"""TFRecord shards in a folder: what they hold, and how they are read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dnn_tf.data.images import ImageFormat
from dnn_tf.data.stream_pipeline import in_graph
from dnn_tf.data.stream_source import Layout, check_layout
from dnn_tf.storage.sealing import check_sealed, read_seal
from dnn_tf.types import InputError, Tensor, first_line

FORMAT = 1
SEAL = "dataset.json"
"""Stands beside the shards, with the SHA-256 of each and its own."""

SHARDS_AT_ONCE = 16
"""So many are read in turn, a record of each, so that rows of all of them meet."""


@dataclass(frozen=True)
class Shards:
    """A folder of TFRecord shards, as its seal tells.

    Args:
        folder: where they are.
        layout: of a row.
        scale: of x: what becomes 1; `None`: x is taken as it is.
        splits: by name, for each shard `[file, rows, bytes]`.
        record_rows: rows of a record; the last one of a split may have less.
        class_names, source, image_format: see `Dataset`.
        files: the SHA-256 of each.
    """

    folder: Path
    layout: Layout
    scale: float | None
    splits: Mapping[str, list[list[Any]]]
    record_rows: int
    class_names: tuple[str, ...]
    source: str
    image_format: ImageFormat | None
    files: Mapping[str, str]

    @classmethod
    def of(cls, folder: Path) -> "Shards":
        """What a folder holds.

        Raises:
            InputError: it has no seal, the seal is damaged, or a shard is missing or has another
                size.
        """
        fields, files = read_seal(folder, SEAL)
        if fields.get("format") != FORMAT:
            raise InputError(
                f"{folder / SEAL} has the format {fields.get('format')!r}, and {FORMAT} was "
                "expected: it was written by another version of dnn_tf"
            )
        shape = fields["image_format"]
        layout = fields["layout"]
        shards = cls(
            folder,
            Layout(
                tuple(layout["x_shape"]),
                tuple(layout["y_shape"]),
                layout["x_dtype"],
                layout["y_dtype"],
            ),
            fields["scale"],
            fields["splits"],
            fields["record_rows"],
            tuple(fields["class_names"]),
            fields["source"],
            None if shape is None else ImageFormat(**shape),
            files,
        )
        check_layout(shards.layout, str(folder))
        shards._check_sizes()
        return shards

    def _check_sizes(self) -> None:
        for name, _, n_bytes in (shard for shards in self.splits.values() for shard in shards):
            file = self.folder / name
            if not file.is_file():
                raise InputError(f"{file} is missing: copy it again, or write the folder anew")
            if (found := file.stat().st_size) != n_bytes:
                raise InputError(
                    f"{file} has {found:,} bytes, and {n_bytes:,} were written: copy it again, or "
                    "write the folder anew"
                )


class ShardSource:
    """The rows of one split of the shards.

    Raises:
        InputError: there is no such split.
    """

    mixes = False

    def __init__(self, shards: Shards, split: str):
        if split not in shards.splits:
            raise InputError(
                f"{shards.folder} has no split {split!r}, and {', '.join(shards.splits)} was "
                "expected: name one of these"
            )
        self.layout = shards.layout
        self._shards, self._split = shards, split
        self._names = [name for name, _, _ in shards.splits[split]]
        self._counts = [rows for _, rows, _ in shards.splits[split]]
        self.rows = sum(self._counts)
        self.title = f"{shards.folder}, {split}"

    def blocks(self, seed: int | None, skip: int) -> tuple[Tensor, int]:
        """A record of some shards in turn, the shards in an order drawn by the seed.

        Without one a record of each: the order in which they were written. Records are left out
        unparsed, as long as only full ones are.
        """
        import tensorflow as tf

        order, at_once = np.arange(len(self._names)), len(self._names)
        left_out = skip // self._shards.record_rows
        if seed is not None:
            order, at_once = np.random.default_rng(seed).permutation(order), SHARDS_AT_ONCE
            left_out = min(left_out, self._full_records(order))
        files = [str(self._shards.folder / self._names[shard]) for shard in order]
        records = (
            tf.data.Dataset.from_tensor_slices(files)
            .interleave(tf.data.TFRecordDataset, cycle_length=min(at_once, len(files)))
            .skip(left_out)
        )
        a_block = max(1, self.layout.block_rows // self._shards.record_rows)
        blocks = records.batch(a_block).map(in_graph(self._parse))
        return blocks, left_out * self._shards.record_rows

    def _full_records(self, order: np.ndarray) -> int:
        """Of full records, so many come for sure before the one that may have less rows."""
        size = self._shards.record_rows
        if not any(rows % size for rows in self._counts):
            return self.rows // size
        # It ends its shard, and is read after as many rounds as that has records.
        short = next(i for i, shard in enumerate(order) if self._counts[shard] % size)
        rounds = self._counts[order[short]] // size
        if short >= SHARDS_AT_ONCE:
            return rounds  # of its own shard; those before it are not counted
        return sum(min(rounds, self._counts[i] // size) for i in order[:SHARDS_AT_ONCE])

    def _parse(self, records: Tensor) -> tuple[Tensor, Tensor]:
        import tensorflow as tf

        text = tf.io.FixedLenFeature([], "string")
        parts = tf.io.parse_example(records, {"x": text, "y": text})
        return (
            _decoded(parts["x"], self.layout.x_dtype, self.layout.x_shape),
            _decoded(parts["y"], self.layout.y_dtype, self.layout.y_shape),
        )

    def identity(self) -> Any:
        """The checksums of its shards."""
        digests = [self._shards.files.get(name) for name in self._names]
        return [json.loads(json.dumps(vars(self.layout))), self._shards.scale, digests]

    def place(self, row: int) -> str:
        """By its shard, and its number there."""
        record, here = divmod(row, self._shards.record_rows)
        before, shard = divmod(record, len(self._names))  # they take turns
        here += before * self._shards.record_rows
        return f"{self._shards.folder / self._names[shard]}: row {here}"

    def explain(self, error: Exception) -> Exception:
        """Which shard is damaged; all are read once more for that."""
        try:
            for name in self._names:
                check_sealed(self._shards.folder, name, self._shards.files[name])
        except InputError as damage:
            return InputError(f"{damage}: copy that shard again, or write the folder anew")
        return InputError(
            f"{self.title}: the shards cannot be read ({first_line(error)}), and they are as they "
            "were written: try again"
        )


def _decoded(texts: Tensor, dtype: str, shape: tuple[int, ...]) -> Tensor:
    """Rows of numbers, from the bytes of some records."""
    import tensorflow as tf

    whole = tf.strings.reduce_join(texts)
    kind = "uint8" if dtype == "bool" else dtype
    numbers = tf.cast(tf.io.decode_raw(whole, kind), dtype)
    return tf.reshape(numbers, (-1, *shape))
