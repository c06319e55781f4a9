"""The files of an artefact: which there are, and nothing else beside them."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from dnn_tf.saving.archive import LARGEST
from dnn_tf.types import InputError

EXTRA = "assets.extra"
"""Where the SavedModel format keeps what is not its own."""

CARD = f"{EXTRA}/card.json"
GRAPH = "saved_model.pb"
MODEL = f"{EXTRA}/model.keras"

_FILES = re.compile(
    rf"saved_model\.pb|fingerprint\.pb|variables/variables\.(index|data-\d{{5}}-of-\d{{5}})"
    rf"|{re.escape(EXTRA)}/(model\.keras|card\.json)"
)
_FOLDERS = {"assets", "variables", EXTRA}


def as_path(given: str | Path) -> Path:
    """What the user named.

    Raises:
        InputError: it is no path, as an open file is none.
    """
    try:
        path = Path(given)
    except TypeError as error:
        raise InputError(
            f"a {type(given).__name__} was given, and the path of a file or folder was expected"
        ) from error
    if "\0" in str(path):
        raise InputError(f"{str(path)!a:.200} holds a zero byte, and no path does: name another")
    return path


def foreign(folder: Path) -> str | None:
    """The first thing in a folder that `save` does not write: a file, or a link instead of one.

    Raises:
        OSError: it cannot be looked into.
    """
    for place, folders, files in os.walk(folder, onerror=_raise):
        inside = Path(place).relative_to(folder)
        for name in sorted(folders):
            path = (inside / name).as_posix()
            if path not in _FOLDERS or Path(place, name).is_symlink():
                return path
        for name in sorted(files):
            path = (inside / name).as_posix()
            if not _FILES.fullmatch(path) or not stat.S_ISREG(Path(place, name).lstat().st_mode):
                return path
    return None


def _raise(error: OSError) -> None:
    raise error


def check_contents(folder: Path, listed: Mapping[str, str]) -> None:
    """Whether a folder holds the files that its card lists, and nothing else.

    What is beside them would be read by others: TensorFlow takes a `saved_model.cpb` before the
    `saved_model.pb`.

    Raises:
        InputError: something more, something less, or a file too large to be read.
    """
    if (name := foreign(folder)) is not None:
        raise InputError(
            f"{folder} holds {name!r:.120}, which dnn_tf.save does not write there: take it away"
        )
    present = {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file()
    }
    if unlisted := present.keys() - listed.keys() - {CARD}:
        raise InputError(
            f"{folder} holds {min(unlisted)}, which its card does not list: save the model again"
        )
    if missing := ({GRAPH, MODEL} | listed.keys()) - present.keys() - {CARD}:
        raise InputError(f"{folder} is damaged: {min(missing)!r:.120} is missing")
    for name, size in present.items():
        if size > LARGEST:
            raise InputError(f"{folder}: {name} is larger than {LARGEST >> 30} GiB: save it again")
