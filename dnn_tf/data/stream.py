"""Rows that are read while training goes on, for data that memory does not hold."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dnn_tf.arguments import check_above_0, check_positive, check_whole
from dnn_tf.data.dataset import Split
from dnn_tf.data.images import ImageFormat
from dnn_tf.data.memory import check_fits
from dnn_tf.data.stream_checks import first_bad
from dnn_tf.data.stream_dataset import DatasetSource
from dnn_tf.data.stream_generator import GeneratorSource, Rows
from dnn_tf.data.stream_images import ImageSource
from dnn_tf.data.stream_pipeline import as_features, mixed, steady, without_first
from dnn_tf.data.stream_source import Source
from dnn_tf.data.tfrecords import Shards, ShardSource
from dnn_tf.types import InputError, Tensor

POOL_BYTES = 32 * 2**20
"""Of the rows that are mixed with each other, where nobody says how many these are."""

MOST_POOL_ROWS = 2**18
"""An order of so many is drawn in a moment."""

ROWS_AT_ONCE = 4096


class Stream(Split):
    """Training rows that do not fit into memory: read, mixed and scaled while the steps run.

    It stands where a `Split` stands, as `Dataset.train`, or goes to `fit` as it is. It is made by
    `from_tfrecords`, `from_generator`, `from_image_folder` or `from_dataset`. Each epoch takes
    every row once, in an order that the seed of the training decides: the shards or the images of a
    folder are put in an order, and then `shuffle_rows` rows at a time are mixed. Same seed, same
    bits.

    Its rows are never all in memory, so `x` and `y` raise; what needs them all, such as
    `data.select`, says so. `in_memory()` reads them into a `Split`.

    Args:
        source: of the rows.
        shuffle_rows: so many rows are mixed with each other at a time. More mix better and take
            more memory. 0: rows come in the order of the source, the same one in every epoch.
            Default: those of 32 MiB.
        scale: x is divided by it and becomes float32; `None`: x is taken as it is.
        x_shape: of one row of x as it is given out. Default: that of the source.
        class_names: the name of class 0, 1, ...; none where the labels are no classes.
        image_format: how an image becomes a row of x, if the rows were images.

    Raises:
        InputError: words that are none of these.

    >>> stream = Stream.from_generator(lambda: ((np.eye(4)[n % 4], n % 2) for n in range(10)))
    >>> stream.x_shape, stream.rows is None
    ((4,), True)
    >>> [len(y) for x, y in stream.read(4, seed=1)]
    [4, 4, 2]
    """

    def __init__(
        self,
        source: Source,
        *,
        shuffle_rows: int | None = None,
        scale: float | None = None,
        x_shape: tuple[int, ...] | None = None,
        class_names: Sequence[str] = (),
        image_format: ImageFormat | None = None,
    ):
        layout = source.layout
        if shuffle_rows is None:
            shuffle_rows = max(1, min(MOST_POOL_ROWS, POOL_BYTES // layout.n_bytes))
        check_whole(0, shuffle_rows=shuffle_rows)
        if scale is not None:
            check_above_0(scale=scale)
        self.scale, self.title = scale, source.title
        self.class_names, self.image_format = tuple(class_names), image_format
        self._source, self._shuffle_rows = source, int(shuffle_rows)
        self._x_shape = layout.x_shape if x_shape is None else tuple(x_shape)
        self._rows = source.rows

    @classmethod
    def from_tfrecords(
        cls, folder: str | Path, split: str = "train", *, shuffle_rows: int | None = None
    ) -> "Stream":
        """One split of a folder that `write_tfrecords` has written.

        Args:
            folder: of the shards.
            split: `"train"`, `"validation"` or `"test"`.
            shuffle_rows: see the class.

        Raises:
            InputError: no such folder or split; a shard that is missing or cut off.
        """
        shards = Shards.of(Path(folder))
        return cls(
            ShardSource(shards, split),
            shuffle_rows=shuffle_rows,
            scale=shards.scale,
            class_names=shards.class_names,
            image_format=shards.image_format,
        )

    @classmethod
    def from_generator(
        cls,
        function: Callable[[], Rows],
        *,
        rows: int | None = None,
        scale: float | None = None,
        class_names: Sequence[str] = (),
        title: str = "the generator",
        shuffle_rows: int | None = None,
    ) -> "Stream":
        """The rows that a Python function gives, one `(x, y)` after the other.

        Args:
            function: `() -> rows`. It is called anew in every epoch, on a thread of its own, and
                gives the same rows in the same order, each of the shape and type of the first.
            rows: of an epoch. Needed where the function never ends; default: all that it gives.
            scale, class_names, shuffle_rows: see the class.
            title: what errors call it, and what a checkpoint knows it by.

        Raises:
            InputError: no function; it gives no rows.
        """
        _check_words(rows, title)
        return cls(
            GeneratorSource(function, rows, title),
            shuffle_rows=shuffle_rows,
            scale=scale,
            class_names=class_names,
        )

    @classmethod
    def from_image_folder(
        cls,
        folder: str | Path,
        image_format: ImageFormat,
        *,
        class_names: Sequence[str] = (),
    ) -> "Stream":
        """The images in the subfolders of a folder, each of which is a class.

        All of them are mixed: only their names are held in memory. Each is decoded when its turn
        comes, as `read_images` does it, but none is inverted.

        Args:
            folder: of the classes.
            image_format: what every image is made.
            class_names: of class 0, 1, ... Default: the names of the subfolders, sorted.

        Raises:
            InputError: a folder without images, or of no class; the message names it. A file that
                is no image is named when its turn comes.
        """
        source = ImageSource(Path(folder), image_format, class_names)
        return cls(
            source,
            shuffle_rows=0,
            scale=image_format.scale,
            x_shape=image_format.feature_shape,
            class_names=source.class_names,
            image_format=image_format,
        )

    @classmethod
    def from_dataset(
        cls,
        dataset: Tensor,
        *,
        rows: int | None = None,
        batched: bool = False,
        scale: float | None = None,
        class_names: Sequence[str] = (),
        title: str = "the tf.data.Dataset",
        shuffle_rows: int | None = None,
    ) -> "Stream":
        """The rows of a `tf.data.Dataset` of your own.

        Args:
            dataset: of rows `(x, y)` of one shape. It gives the same rows in the same order each
                time it is gone through: leave `shuffle` to `shuffle_rows`, which the seed of the
                training decides.
            rows: of an epoch, the first ones of the dataset. Needed where it never ends; default:
                all.
            batched: whether its elements are batches of rows, of any size.
            scale, class_names, shuffle_rows: see the class.
            title: what errors call it, and what a checkpoint knows it by.

        Raises:
            InputError: no such dataset; it never ends; it has fewer rows than `rows`.
        """
        _check_words(rows, title)
        return cls(
            DatasetSource(dataset, rows, batched, title),
            shuffle_rows=shuffle_rows,
            scale=scale,
            class_names=class_names,
        )

    @property
    def rows(self) -> int | None:
        """Of an epoch; `None` until they were counted, in the first one."""
        return self._rows

    def __len__(self) -> int:
        if self._rows is None:
            raise InputError(f"{self.title}: its rows are not counted yet: give rows=...")
        return self._rows

    @property
    def x(self) -> np.ndarray:
        """Not there: refused."""
        raise InputError(
            f"{self.title} is a stream, and all of its rows at once were asked for: only fit and "
            "evaluate read one; use in_memory(), or an array"
        )

    @property
    def y(self) -> np.ndarray:
        """Not there: refused."""
        return self.x

    @property
    def x_shape(self) -> tuple[int, ...]:
        """Of one row of x."""
        return self._x_shape

    @property
    def y_shape(self) -> tuple[int, ...]:
        """Of one row of y."""
        return self._source.layout.y_shape

    @property
    def is_read_on_the_way(self) -> bool:
        """It is."""
        return True

    @property
    def dtypes(self) -> tuple[str, str]:
        """Of x and y as they are given out."""
        layout = self._source.layout
        return (layout.x_dtype if self.scale is None else "float32"), layout.y_dtype

    @property
    def raw_dtype(self) -> str:
        """Of x before it is scaled."""
        return self._source.layout.x_dtype

    @property
    def identity(self) -> str:
        """64 hexadecimal digits for what it reads and how: a checkpoint goes on with no other."""
        parts = [
            type(self._source).__name__, self._source.identity(), self._shuffle_rows, self.scale,
            list(self._x_shape),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def read(
        self, size: int, *, seed: int | None = None, first_row: int = 0, raw: bool = False
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """The rows of an epoch, so many at a time; the last time those that are left.

        The next ones are read meanwhile.

        Args:
            size: rows at a time. It has no influence on their order.
            seed: of the order. `None`: that of the source, unmixed.
            first_row: where to begin in that order.
            raw: whether x is left unscaled.

        Yields:
            Tensors `(size, *x_shape)` and `(size, *y_shape)`.

        Raises:
            InputError: what could not be read, and what to do.
        """
        import tensorflow as tf

        batches = steady(self._batches(size, seed, first_row, raw), ahead=1)
        arrived = first_row
        iterator = iter(batches)
        while True:
            try:
                x, y = next(iterator)
            except StopIteration:
                break
            except tf.errors.OpError as error:
                raise self._source.explain(error) from error
            arrived += int(y.shape[0])
            yield x, y
            del x, y  # or there would be one more of them in memory
        self._counted(arrived)

    def _batches(self, size: int, seed: int | None, first_row: int, raw: bool) -> Tensor:
        import tensorflow as tf

        pool = 0 if seed is None or self._source.mixes else self._shuffle_rows
        source_seed = seed if pool or self._source.mixes else None
        first = first_row // pool * pool if pool else first_row
        with tf.device("CPU"):
            blocks, left_out = self._source.blocks(source_seed, first)
            blocks = without_first(blocks, first - left_out)
            if pool:
                assert seed is not None
                blocks = without_first(mixed(blocks, pool, seed, first // pool), first_row - first)
            scale = None if raw else self.scale
            return as_features(blocks.rebatch(size), scale, self._x_shape)

    def _counted(self, rows: int) -> None:
        """At the end of an epoch: as many as there are to be."""
        if rows == 0:
            raise InputError(f"{self.title} gave no rows: add some")
        if self._rows is not None and rows != self._rows:
            raise InputError(
                f"{self.title} gave {rows:,} rows, and {self._rows:,} were expected, as before or "
                "as it was told: an epoch has the same rows each time"
            )
        self._rows = rows

    def in_memory(self) -> Split:
        """All rows, in the order of the source.

        Raises:
            InputError: more than the memory holds; what could not be read.
        """
        if self._rows is not None:
            n_bytes = self._rows * self._source.layout.n_bytes
            check_fits(n_bytes, f"{self.title}, all {self._rows:,} rows", "train from the stream")
        pieces = [(x.numpy(), y.numpy()) for x, y in self.read(ROWS_AT_ONCE)]
        x, y = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
        return Split(x, y)

    def name_bad_row(self, n_classes: int | None) -> None:
        """Looks through all rows, in the order of the source, for the first that cannot be used.

        Args:
            n_classes: see `stream_checks.first_bad`.

        Raises:
            InputError: there is one; the message tells its place.
        """
        row = 0
        for x, y in self.read(ROWS_AT_ONCE):
            if found := first_bad(x.numpy(), y.numpy(), n_classes):
                place = self._source.place(row + found[0])
                raise InputError(f"{place}: {found[1]}: repair or drop that row")
            row += len(y)


def _check_words(rows: Any, title: Any) -> None:
    if rows is not None:
        check_positive(rows=rows)
    if not isinstance(title, str) or not title:
        raise InputError(f"title is a line of text, and got {title!r}")
