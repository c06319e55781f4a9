"""A folder that knows its files: one changed bit in any of them is noticed.

The checksums tell damage. They do not tell who wrote the files: anybody can compute them.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dnn_tf.types import InputError

_OWN, _FILES = "sha256", "files"
_BLANK = "0" * 64
_LARGEST = 64 * 2**20
"""Bytes of a seal; what is larger was not written by `seal`."""


def seal(folder: Path, name: str, fields: Mapping[str, Any]) -> None:
    """Writes `fields` as JSON, with the SHA-256 of every other file of the folder and its own.

    Its own is that of its text with 64 zeros in the place where it will stand.

    Args:
        folder: all of whose files are there by now.
        name: of the JSON file in it, such as `"state.json"`.
        fields: what else is to be kept; without `"files"` and `"sha256"`.
    """
    file = folder / name
    others = sorted(path for path in folder.rglob("*") if path.is_file() and path != file)
    files = {path.relative_to(folder).as_posix(): _sha256(path) for path in others}
    blank = {**fields, _FILES: files, _OWN: _BLANK}
    text = (json.dumps(blank, indent=2, ensure_ascii=False) + "\n").encode()
    own = hashlib.sha256(text).hexdigest()
    head, _, tail = text.rpartition(_BLANK.encode())
    file.write_bytes(head + own.encode() + tail)


def unseal(folder: Path, name: str) -> dict[str, Any]:
    """What `seal` was given, once every file has been found as it was then.

    Raises:
        InputError: a file is missing, a link, cut off or changed; the message names it.
    """
    file = folder / name
    fields = _read(file)
    files = fields.pop(_FILES, None)
    if not isinstance(files, dict):
        raise InputError(f"{file} is damaged: it lists no files")
    for relative, expected in files.items():
        _check(folder, relative, expected)
    return fields


def _read(file: Path) -> dict[str, Any]:
    """The fields of a seal that is as it was written."""
    _check_plain(file, file)
    if file.stat().st_size > _LARGEST:
        raise InputError(f"{file} is damaged: it is larger than {_LARGEST >> 20} MiB")
    content = file.read_bytes()
    try:
        fields = json.loads(content)
        own = fields.pop(_OWN)
        sound = re.fullmatch("[0-9a-f]{64}", own) is not None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{file} is damaged: it is not as it was written") from error
    head, _, tail = content.rpartition(own.encode())
    if not sound or hashlib.sha256(head + _BLANK.encode() + tail).hexdigest() != own:
        raise InputError(f"{file} is damaged: it is not as it was written")
    return fields


def _check(folder: Path, relative: Any, expected: Any) -> None:
    """One file of the list: inside the folder, plain, and unchanged."""
    parts = Path(str(relative)).parts
    if Path(str(relative)).is_absolute() or ".." in parts:
        raise InputError(f"{folder} is damaged: it lists {relative!r}, which is not inside it")
    for depth in range(1, len(parts)):
        inner = folder.joinpath(*parts[:depth])
        if inner.is_symlink():
            raise InputError(f"{inner} is a link, and a folder was expected: copy its files there")
    file = folder / str(relative)
    _check_plain(file, folder)
    if _sha256(file) != expected:
        raise InputError(f"{file} is damaged: it is not as it was written")


def _check_plain(file: Path, where: Path) -> None:
    """A file of its own: not missing, and no link, pipe or device, which reading might wait for."""
    try:
        mode = os.lstat(file).st_mode
    except OSError as error:
        raise InputError(f"{where} is damaged: {file.name} is missing") from error
    if not stat.S_ISREG(mode):
        kind = "a link" if stat.S_ISLNK(mode) else "no plain file"
        raise InputError(f"{file} is {kind}, and a file was expected: copy the file there")


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(2**20):
            digest.update(block)
    return digest.hexdigest()
