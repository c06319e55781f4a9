"""A folder of TFRecord shards as a dataset: training rows streamed, the others in memory."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.data.images import ImageFormat
from dnn_tf.data.memory import check_fits
from dnn_tf.data.stream import Stream
from dnn_tf.data.tfrecords import SEAL, Shards, ShardSource
from dnn_tf.types import InputError


def holds_shards(folder: Path) -> bool:
    """Whether it is one that `write_tfrecords` has written."""
    return (folder / SEAL).is_file()


def read(
    folder: Path, flat: bool = True, image_format: ImageFormat | None = None, splits: bool = True
) -> Dataset:
    """What is in the folder; the splits that it lacks are left out.

    Args:
        folder: of the shards.
        flat: whether a sample becomes one row of numbers or keeps its shape.
        image_format: what a trained network expects: the one that the shards were written with, or
            one that differs in `flat` alone.
        splits: `False`: all rows, of all splits, in memory.

    Raises:
        InputError: see `Stream.from_tfrecords`; images of another format; more validation or test
            rows than memory holds.
    """
    shards = Shards.of(folder)
    own = shards.image_format
    if image_format is None:
        image_format = None if own is None else replace(own, flat=flat)
    elif own is None or replace(image_format, flat=own.flat) != own:
        raise InputError(
            f"{folder} holds rows as they were written, of {own or 'no images'}, and "
            f"{image_format} was asked for: write shards of that"
        )
    shape = shards.layout.x_shape
    if image_format is not None:
        shape = image_format.feature_shape
    elif flat:
        shape = (math.prod(shape),)
    streams = {
        name: Stream(
            ShardSource(shards, name),
            scale=shards.scale,
            x_shape=shape,
            class_names=shards.class_names,
            image_format=image_format,
        )
        for name in shards.splits
    }
    n_bytes = sum(
        len(stream) * 4 * math.prod(shape)
        for name, stream in streams.items()
        if name != "train" or not splits
    )
    repair = "write fewer of them"
    check_fits(n_bytes, f"{folder}, the rows that are held in memory", repair)
    held = {name: s.in_memory() for name, s in streams.items() if name != "train" or not splits}
    if not splits:
        x, y = (np.concatenate([getattr(rows, part) for rows in held.values()]) for part in "xy")
        held = {"train": Split(x, y)}
    return Dataset(
        **{"train": streams["train"], **held},
        class_names=shards.class_names,
        source=f"{folder} (TFRecord shards of {shards.source})",
        image_format=image_format,
    )
