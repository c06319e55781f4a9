"""Image classification sets of TensorFlow Datasets, as arrays.

`tensorflow_datasets` is imported only where something has to be decoded: it takes seconds, and a
set that is in the cache, or cannot be had, needs none of it.
"""

import hashlib
import os
import re
import threading
from pathlib import Path
from typing import Any

import numpy as np

from dnn_tf.data import mnist
from dnn_tf.data.cache import Arrays, cached, home
from dnn_tf.types import InputError, first_line

REACH_SECONDS = 3.0
"""How long to look for the network. Left to itself, TFDS takes 204 s to give up."""

_REACH_URL = "https://storage.googleapis.com/tfds-data/"


class UnavailableError(InputError):
    """TFDS cannot get this set here."""


def data_dir() -> Path:
    """Where TFDS keeps its sets: `$TFDS_DATA_DIR`, else `~/tensorflow_datasets`."""
    if given := os.environ.get("TFDS_DATA_DIR"):
        return Path(given)
    return home() / "tensorflow_datasets"


def read(name: str) -> tuple[Arrays, tuple[str, ...], str]:
    """The images and labels of a set, the names of its classes, and its source.

    The arrays are `train_images`, `train_labels`, `test_images`, `test_labels`, the images uint8
    `(n, height, width, channels)`.

    Raises:
        UnavailableError: it is not prepared in `data_dir()` and cannot be downloaded.
        InputError: it is there, and damaged or no set of labelled images.
    """
    if not re.fullmatch(r"\w+(/\w+)?", name):
        raise InputError(f"{name!r} is no name of a TFDS set: NAME or NAME/CONFIG was expected")
    if not data_dir().is_dir() and os.environ.get("TFDS_DATA_DIR"):
        raise InputError(
            f"TFDS_DATA_DIR names {data_dir()}, which is no folder: create it, or unset it"
        )
    folder = data_dir() / name
    if not _prepared_files(folder):
        _prepare(name)
    arrays = cached(f"tfds-{name.replace('/', '-')}", _fingerprint(folder), lambda: _decode(name))
    class_names = tuple(str(class_name) for class_name in arrays.pop("class_names"))
    version = str(arrays.pop("version"))
    return arrays, class_names, f"TFDS {name}/{version}"


def _prepared_files(folder: Path) -> list[Path]:
    """All files of a set; none where nothing was prepared."""
    files = sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and "incomplete" not in str(file.relative_to(folder))
    )
    if files and not any(file.name == "dataset_info.json" for file in files):
        raise InputError(
            f"{folder} is damaged: it has no dataset_info.json; remove it and let TFDS prepare it "
            "again"
        )
    return files


def _fingerprint(folder: Path) -> str:
    """Changes with any file of the prepared set: names, sizes and times of writing."""
    facts = [
        (str(file.relative_to(folder)), file.stat().st_size, file.stat().st_mtime_ns)
        for file in _prepared_files(folder)
    ]
    return hashlib.sha256(repr((str(folder.resolve()), facts)).encode()).hexdigest()


def _prepare(name: str) -> None:
    """Downloads and prepares a set, once it is clear that there is something to reach."""
    manual = data_dir() / "downloads" / "manual"
    if not any(manual.glob("*.gz")) and (reason := unreachable()):
        raise UnavailableError(
            f"TFDS {name} is not in {data_dir()} and cannot be downloaded ({reason}): set "
            "TFDS_DATA_DIR to a folder that holds it, or put its original files into "
            f"{manual}"
        )
    builder = _builder(name)
    try:
        builder.download_and_prepare()
    except Exception as error:  # whatever a download, an archive or a checksum can raise
        raise UnavailableError(
            f"TFDS {name} could not be downloaded into {data_dir()} "
            f"({first_line(error)}): try again, or set TFDS_DATA_DIR to a folder that holds it"
        ) from error


def unreachable() -> str | None:
    """Why nothing can be downloaded, or `None`; known within `REACH_SECONDS` and a little."""
    if os.environ.get("DNN_TF_OFFLINE"):
        return "DNN_TF_OFFLINE is set"
    outcome = [f"no answer within {REACH_SECONDS:.0f} s"]

    def knock() -> None:
        import requests

        try:
            requests.head(_REACH_URL, timeout=REACH_SECONDS)  # any answer at all will do
            outcome[0] = ""
        except requests.RequestException as error:
            outcome[0] = f"no network: {type(error).__name__}"

    # A thread, for no time limit of a request covers the look-up of the name.
    knocking = threading.Thread(target=knock, daemon=True)
    knocking.start()
    knocking.join(REACH_SECONDS)
    return outcome[0] or None


def _builder(name: str) -> Any:
    import tensorflow_datasets as tfds

    try:
        return tfds.builder(name, data_dir=str(data_dir()))
    except Exception as error:  # unknown name, broken dataset_info.json, unknown version ...
        raise InputError(
            f"TFDS {name} in {data_dir()} cannot be opened ({first_line(error)}): check the name; "
            f"if it is right, move {data_dir() / name} away and let it be prepared again"
        ) from error


def _decode(name: str) -> Arrays:
    builder = _builder(name)
    features = builder.info.features
    labelled_images = "image" in features and "label" in features
    if not labelled_images or None in features["image"].shape:
        raise InputError(
            f"TFDS {name} is no set of labelled images of one size: 'image' and 'label' were "
            f"expected, and its features are {', '.join(features)}"
        )
    missing = {"train", "test"} - set(builder.info.splits)
    if missing:
        raise InputError(f"TFDS {name} has no split named {' or '.join(sorted(missing))}")
    arrays = {
        "class_names": np.array(features["label"].names),
        "version": np.array(str(builder.version)),
    }
    for split in ("train", "test"):
        rows = _decode_split(builder, name, split)
        arrays[f"{split}_images"] = rows["image"]
        arrays[f"{split}_labels"] = rows["label"]
    return mnist.in_original_order(arrays) if name == "mnist" else arrays


def _decode_split(builder: Any, name: str, split: str) -> Arrays:
    import tensorflow as tf
    import tensorflow_datasets as tfds

    expected = builder.info.splits[split].num_examples
    try:
        rows = tfds.as_numpy(builder.as_dataset(split=split, batch_size=-1, shuffle_files=False))
    except (tf.errors.OpError, OSError, AssertionError) as error:
        raise InputError(
            f"TFDS {name} in {data_dir()} is damaged: its split {split!r} cannot be read "
            f"({first_line(error)}); remove {data_dir() / name} and let it be prepared again"
        ) from error
    if len(rows["label"]) != expected:
        raise InputError(
            f"TFDS {name} in {data_dir()} is damaged: its split {split!r} holds "
            f"{len(rows['label'])} rows, and {expected} were expected; remove "
            f"{data_dir() / name} and let it be prepared again"
        )
    return {"image": rows["image"], "label": rows["label"].astype("int64")}
