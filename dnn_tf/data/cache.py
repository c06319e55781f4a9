"""Decoded images, kept so that a second load takes a moment."""

import contextlib
import os
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from dnn_tf.types import InputError

Arrays = dict[str, Any]
"""NumPy arrays by name."""


def cache_dir() -> Path:
    """`$DNN_TF_CACHE`, else `$XDG_CACHE_HOME/dnn_tf`, else `~/.cache/dnn_tf`."""
    if own := os.environ.get("DNN_TF_CACHE"):
        return Path(own)
    if shared := os.environ.get("XDG_CACHE_HOME"):
        return Path(shared) / "dnn_tf"
    return home() / ".cache" / "dnn_tf"


def home() -> Path:
    """The user's home.

    Raises:
        InputError: the user has none.
    """
    try:
        return Path.home()
    except RuntimeError as error:
        raise InputError(
            "the user has no home folder: set HOME, or TFDS_DATA_DIR and DNN_TF_CACHE"
        ) from error


def cached(name: str, fingerprint: str, make: Callable[[], Arrays]) -> Arrays:
    """The arrays of `make()`, from the cache where it holds them for this fingerprint.

    A cache that cannot be read is made again; one that cannot be written is done without, with a
    warning. The archive's own checksums notice damage.
    """
    file = cache_dir() / f"{name}.npz"
    if (arrays := _kept(file, fingerprint)) is not None:
        return arrays
    arrays = make()
    _keep(file, arrays, fingerprint)
    return arrays


def _kept(file: Path, fingerprint: str) -> Arrays | None:
    try:
        # Opened here: NumPy leaves a file open that turns out to be no archive.
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            if str(archive["fingerprint"]) == fingerprint:
                return {key: archive[key] for key in archive.files if key != "fingerprint"}
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
        return None  # absent or damaged
    return None


def _keep(file: Path, arrays: Arrays, fingerprint: str) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as stream:
            np.savez(stream, fingerprint=np.array(fingerprint), **arrays)
        beside.replace(file)
    except OSError as error:
        warnings.warn(
            f"the decoded images could not be kept in {file.parent} ({error.strerror}): the next "
            "load decodes them again; set DNN_TF_CACHE to a folder that can be written",
            stacklevel=2,
        )
        with contextlib.suppress(OSError):
            beside.unlink()
