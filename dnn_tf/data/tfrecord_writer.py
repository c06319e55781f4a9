"""Any data as TFRecord shards."""

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from dnn_tf.arguments import check_positive, check_whole
from dnn_tf.data.arrays import one_line
from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.data.images import ImageFormat
from dnn_tf.data.stream import Stream
from dnn_tf.data.stream_source import Layout
from dnn_tf.data.tfrecords import FORMAT, SEAL
from dnn_tf.storage import replacing, seal
from dnn_tf.types import InputError, first_line

SHARD_BYTES = 128 * 2**20
MOST_SHARDS = 256
"""Without being asked, and all of them are open at once: beyond that they grow."""

UNCOUNTED_SHARDS = 16
"""Of rows that nobody has counted."""

RECORD_BYTES = 64 * 2**10
MOST_RECORD_ROWS = 256
"""A record holds that much at most, so that rows of many of them are mixed."""

ROWS_AT_ONCE = 4096


def write_tfrecords(
    data: Dataset | Split | tuple[np.ndarray, np.ndarray],
    folder: str | Path,
    *,
    shards: int | None = None,
    seed: int = 42,
) -> Path:
    """Writes data as TFRecord shards, to be trained from where they do not fit into memory.

    The folder gets `train-00000.tfrecord`, ... and so on for each split, and `dataset.json`, which
    tells the shape and type of the rows, their number, the names of the classes, and the checksum
    of each shard. `load(folder)` makes a `Dataset` of it whose `train` is a `Stream`;
    `Stream.from_tfrecords` reads one split.

    A record is a `tf.train.Example` of two features, `x` and `y`, each the bytes of some rows one
    after the other. Numbers keep their type: uint8 takes a byte. Features that are images scaled to
    floats, as `load` makes them, are written as the bytes they were, and read as the same floats.

    Args:
        data: a `Dataset`, a `Split` or a `Stream`, or arrays `(x, y)`, which may be memory maps.
        folder: a new or empty one; it is there when all of it is written, or not at all.
        shards: files of the training rows. Default: one for each 128 MiB, 256 at most. Other splits
            have as many or less.
        seed: of the order in which training rows are written, so that neighbours in the source,
            of one class perhaps, are none in a shard. A stream is written in the order in which it
            is read by that seed. Other splits keep their order.

    Returns:
        The folder.

    Raises:
        InputError: data that cannot be trained on, or a folder that holds something.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     x, y = np.eye(4, dtype="float32"), np.array([0, 1, 0, 1])
    ...     written = write_tfrecords((x, y), Path(folder) / "rows", shards=2)
    ...     [file.name for file in sorted(written.iterdir())]
    ['dataset.json', 'train-00000.tfrecord', 'train-00001.tfrecord']
    """
    data = _as_dataset(data)
    target = Path(folder)
    check_whole(0, seed=seed)
    if shards is not None:
        check_positive(shards=shards)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target} holds something already: name a new folder")
    scale = _scale(data)
    layout = _layout(data, scale)
    record_rows = min(MOST_RECORD_ROWS, max(1, RECORD_BYTES // layout.n_bytes))
    try:
        with replacing(target) as beside:
            written = {
                name: _write(
                    _pieces(split, scale, seed if name == "train" else None),
                    beside,
                    name,
                    _number_of_shards(split, layout, shards),
                    record_rows,
                )
                for name, split in data.splits().items()
            }
            image_format = data.image_format
            fields = {
                "format": FORMAT,
                "layout": dataclasses.asdict(layout),
                "scale": scale,
                "splits": written,
                "record_rows": record_rows,
                "class_names": list(data.class_names),
                "source": data.source,
                "image_format": None if image_format is None else dataclasses.asdict(image_format),
            }
            seal(beside, SEAL, fields)
    except OSError as error:
        raise InputError(
            f"{target} cannot be written ({error.strerror or first_line(error)}): name a folder "
            "that can be written, with room enough"
        ) from error
    return target


def _as_dataset(data: Any) -> Dataset:
    if isinstance(data, Dataset):
        return data
    if isinstance(data, Stream):
        names, title = data.class_names, data.title
        return Dataset(data, class_names=names, source=title, image_format=data.image_format)
    if isinstance(data, Split):
        return Dataset(data)
    if isinstance(data, tuple) and len(data) == 2:
        return Dataset(Split(*data))
    raise InputError(
        f"a Dataset, a Split, a Stream or arrays (x, y) were expected, and got {one_line(data)}"
    )


def _scale(data: Dataset) -> float | None:
    """What pixels are divided by when they are read, where they can be written as bytes."""
    streams = [split for split in data.splits().values() if isinstance(split, Stream)]
    if streams:
        scales = {stream.scale for stream in streams}
        if len(scales) == 1 and len(streams) == len(data.splits()):
            return scales.pop()
        return None
    if data.image_format is None:
        return None
    bytes_all = all(_are_bytes(split.x, data.image_format) for split in data.splits().values())
    return data.image_format.scale if bytes_all else None


def _are_bytes(x: np.ndarray, image_format: ImageFormat) -> bool:
    """Whether every feature is a byte over the scale, to the last bit."""
    if x.dtype != np.float32:
        return False
    for start in range(0, len(x), ROWS_AT_ONCE):
        rows = x[start : start + ROWS_AT_ONCE]
        if (_bytes(rows, image_format.scale) / np.float32(image_format.scale) != rows).any():
            return False
    return True


def _bytes(features: np.ndarray, scale: float) -> np.ndarray:
    return np.clip(np.rint(features * np.float32(scale)), 0, 255).astype("uint8")


def _layout(data: Dataset, scale: float | None) -> Layout:
    kinds = {}
    for name, split in data.splits().items():
        if isinstance(split, Stream):
            dtypes = split.dtypes if scale is None else (split.raw_dtype, split.dtypes[1])
        else:
            dtypes = (split.x.dtype.name if scale is None else "uint8", split.y.dtype.name)
        kinds[name] = Layout(split.x_shape, split.y_shape, *dtypes)
    if len(set(kinds.values())) > 1:
        told = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
        raise InputError(f"the splits hold {told}, and one layout was expected: convert them")
    return kinds["train"]


def _number_of_shards(split: Split, layout: Layout, asked: int | None) -> int:
    if isinstance(split, Stream) and split.rows is None:
        return asked or UNCOUNTED_SHARDS
    rows = len(split)
    wanted = asked or min(MOST_SHARDS, -(-rows * layout.n_bytes // SHARD_BYTES))
    return min(wanted, rows)


def _pieces(
    split: Split, scale: float | None, seed: int | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Some rows at a time, as they are to be written."""
    if isinstance(split, Stream):
        for x, y in split.read(ROWS_AT_ONCE, seed=seed, raw=scale is not None):
            yield x.numpy(), y.numpy()
        return
    order = np.arange(len(split))
    if seed is not None:
        order = np.random.default_rng(seed).permutation(order)
    for start in range(0, len(order), ROWS_AT_ONCE):
        rows = order[start : start + ROWS_AT_ONCE]
        x = split.x[rows]
        yield x if scale is None else _bytes(x, scale), split.y[rows]


def _write(
    pieces: Iterator[tuple[np.ndarray, np.ndarray]],
    folder: Path,
    name: str,
    n_shards: int,
    record_rows: int,
) -> list[list[Any]]:
    """The shards of a split, a record in each by turns: `[file, rows, bytes]`."""
    import tensorflow as tf

    files = [folder / f"{name}-{number:05d}.tfrecord" for number in range(n_shards)]
    counts = [0] * n_shards
    with ExitStack() as stack:
        writers = [stack.enter_context(tf.io.TFRecordWriter(str(file))) for file in files]
        for number, (x, y) in enumerate(_records(pieces, record_rows)):
            shard = number % n_shards
            feature = {"x": _feature(x), "y": _feature(y)}
            example = tf.train.Example(features=tf.train.Features(feature=feature))
            writers[shard].write(example.SerializeToString(deterministic=True))
            counts[shard] += len(y)
    return [
        [file.name, count, file.stat().st_size] for file, count in zip(files, counts, strict=True)
    ]


def _feature(array: np.ndarray) -> Any:
    import tensorflow as tf

    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[little.tobytes()]))


def _records(
    pieces: Iterator[tuple[np.ndarray, np.ndarray]], size: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The rows in records of one size; the last one has what is left."""
    left: tuple[np.ndarray, np.ndarray] | None = None
    for x, y in pieces:
        if left is not None:
            x, y = np.concatenate([left[0], x]), np.concatenate([left[1], y])
        full = len(y) // size * size
        for start in range(0, full, size):
            yield x[start : start + size], y[start : start + size]
        left = x[full:], y[full:]
    if left is not None and len(left[1]):
        yield left
