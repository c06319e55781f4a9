"""The outputs of the frozen layers, computed once instead of in every epoch."""

import hashlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.data import Dataset, Split, fingerprint
from dnn_tf.data.cache import cache_dir
from dnn_tf.data.memory import machine_memory
from dnn_tf.storage import recover, replacing, seal, unseal
from dnn_tf.training.rows import SHARE_OF_MEMORY
from dnn_tf.transfer.frozen_part import halves
from dnn_tf.types import InputError, Tensor

Run: TypeAlias = "tf.types.experimental.PolymorphicFunction"

ROWS_AT_ONCE = 1_000

ROWS_TRIED = 32
"""Of the data, to see whether the frozen part is constant."""

_SEAL = "cached.json"


class Cached(NamedTuple):
    """What is left to train.

    Args:
        model: the upper part of the network, which shares its layers: what this learns, the whole
            network has learned.
        data: the same rows, as the frozen part leaves them.
        folder: where they lie, if on the disk.
    """

    model: keras.Model
    data: Dataset
    folder: Path | None


def cache_frozen(model: keras.Model, data: Dataset, folder: str | Path | None = None) -> Cached:
    """Runs the frozen layers at the bottom of a network once over the data.

    The outputs are float32. Training the rest on them takes the same steps as training the network,
    up to the rounding of float32, and none of the time of the frozen layers.

    Args:
        model: a network whose lowest layers are frozen.
        data: for it.
        folder: where the outputs are kept on the disk, in a folder named by the SHA-256 of the
            frozen part and of the data; a later call finds them there. `None`: in memory, or where
            they would take more than a quarter of it, in `frozen` of the cache directory
            (`$DNN_TF_CACHE`).

    Raises:
        InputError: caching would change the result: the frozen part drops out, draws or normalises
            by the batch; there is no frozen part; or the disk cannot hold it. The message says
            what.

    >>> from dnn_tf import models, transfer
    >>> rows = Split(np.eye(4, dtype="float32"), np.array([0, 1, 0, 1]))
    >>> model = models.dnn(4, (3, 2), 2)
    >>> transfer.freeze(model, 1)
    >>> head, cached, _ = cache_frozen(model, Dataset(rows))
    >>> [layer.name for layer in head.layers[1:]], cached.train.x.shape
    (['hidden2', 'outputs'], (4, 3))
    """
    check_takes(model, data)
    dtype = model.inputs[0].dtype
    frozen, trained = halves(model, tf.cast(data.train.x[:ROWS_TRIED], dtype))
    run = _compiled(frozen)
    shape = run(tf.cast(data.train.x[:1], dtype)).shape[1:]
    n_bytes = sum(map(len, data.splits().values())) * 4 * math.prod(shape)
    if folder is None and n_bytes <= SHARE_OF_MEMORY * (machine_memory() or float("inf")):
        outputs = {
            name: np.concatenate(list(_outputs(run, split.x)))
            for name, split in data.splits().items()
        }
        return Cached(trained, _with_outputs(data, outputs), None)
    place = Path(folder or cache_dir() / "frozen") / _key(frozen, data)
    try:
        if not _is_whole(place):
            _write(place, run, data, shape)
        outputs = {name: np.load(place / f"{name}.npy", mmap_mode="r") for name in data.splits()}
    except OSError as error:
        raise InputError(
            f"{place.parent} cannot hold the outputs of the frozen layers "
            f"({error.strerror or error}): name another folder, or set DNN_TF_CACHE to one"
        ) from error
    return Cached(trained, _with_outputs(data, outputs), place)


def check_takes(model: keras.Model, data: Dataset) -> None:
    """The rows have the shape of the network's input."""
    found, expected = data.train.x.shape[1:], tuple(model.input_shape[1:])
    if len(found) != len(expected) or any(
        size not in (None, got) for got, size in zip(found, expected, strict=True)
    ):
        raise InputError(
            f"a sample has the shape {found}, and the network takes {expected}: reshape the data, "
            "or load it with the image_format of the network"
        )


def _with_outputs(data: Dataset, outputs: dict[str, np.ndarray]) -> Dataset:
    splits = {name: Split(outputs[name], split.y) for name, split in data.splits().items()}
    return Dataset(
        splits["train"],
        splits.get("validation"),
        splits.get("test"),
        class_names=data.class_names,
        source=data.source,
    )


def _compiled(frozen: keras.Model) -> Run:
    """The frozen part, in inference mode, for any number of rows."""
    rows = tf.TensorSpec(frozen.inputs[0].shape, frozen.inputs[0].dtype)

    @tf.function(input_signature=[rows], autograph=False)
    def run(x: Tensor) -> Tensor:
        return tf.cast(frozen(x, training=False), "float32")

    return run


def _outputs(run: Run, x: np.ndarray) -> Iterator[np.ndarray]:
    """Some rows at a time."""
    for start in range(0, len(x), ROWS_AT_ONCE):
        yield run(tf.cast(x[start : start + ROWS_AT_ONCE], run.input_signature[0].dtype)).numpy()


def _key(frozen: keras.Model, data: Dataset) -> str:
    """The same for the same layers, weights and rows."""
    digest = hashlib.sha256(json.dumps(frozen.get_config(), sort_keys=True, default=str).encode())
    for weight in frozen.weights:
        digest.update(np.ascontiguousarray(weight.numpy()).view("uint8").data)
    digest.update(fingerprint(data).encode())
    return digest.hexdigest()


def _is_whole(place: Path) -> bool:
    recover(place)
    try:
        unseal(place, _SEAL)
    except InputError:
        return False  # none there, or damaged: it is made again
    return True


def _write(place: Path, run: Run, data: Dataset, shape: tuple[int, ...]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with replacing(place) as beside:
        for name, split in data.splits().items():
            whole = np.lib.format.open_memmap(
                beside / f"{name}.npy", mode="w+", dtype="float32", shape=(len(split), *shape)
            )
            start = 0
            for rows in _outputs(run, split.x):
                whole[start : start + len(rows)] = rows
                start += len(rows)
            whole.flush()
            del whole
        seal(beside, _SEAL, {"source": data.source})
