"""A folder that knows its files: one changed bit in any of them is noticed.

The checksums tell damage. They do not tell who wrote the files: anybody can compute them.
"""

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from dnn_tf.types import InputError

_OWN, _FILES = "sha256", "files"
_BLANK = "0" * 64
_LARGEST = 64 * 2**20
"""Bytes of a seal; what is larger was not written by `seal`."""

_PLAIN = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
)
"""How a file is opened: not through a link that has just come, not waiting for a pipe."""


def seal(folder: Path, name: str, fields: Mapping[str, Any]) -> None:
    """Writes `fields` as JSON, with the SHA-256 of every other file of the folder and its own.

    Its own is that of its text with 64 zeros in the place where it will stand.

    Args:
        folder: all of whose files are there by now.
        name: of the JSON file in it, such as `"state.json"`.
        fields: what else is to be kept; without `"files"` and `"sha256"`.

    Raises:
        OSError: it cannot be written, or would be too large to be read again.
    """
    file = folder / name
    others = sorted(path for path in folder.rglob("*") if path.is_file() and path != file)
    files = {path.relative_to(folder).as_posix(): _sha256(path) for path in others}
    blank = {**fields, _FILES: files, _OWN: _BLANK}
    text = (json.dumps(blank, indent=2, ensure_ascii=False) + "\n").encode()
    if len(text) > _LARGEST:  # it could not be read again
        raise OSError(errno.EFBIG, f"larger than {_LARGEST >> 20} MiB", str(file))
    own = hashlib.sha256(text).hexdigest()
    head, _, tail = text.rpartition(_BLANK.encode())
    file.write_bytes(head + own.encode() + tail)


def unseal(folder: Path, name: str) -> dict[str, Any]:
    """What `seal` was given, once every file has been found as it was then.

    Raises:
        InputError: a file is missing, a link, cut off or changed; the message names it.
    """
    fields, files = read_seal(folder, name)
    for relative, expected in files.items():
        check_sealed(folder, relative, expected)
    return fields


def read_seal(folder: Path, name: str) -> tuple[dict[str, Any], dict[str, str]]:
    """What `seal` was given, and `{file: SHA-256}`; only the seal itself is checked.

    Raises:
        InputError: it is missing, a link, or not as it was written.
    """
    file = folder / name
    with _open(file, file) as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise InputError(f"{file} is damaged: it is larger than {_LARGEST >> 20} MiB")
    try:
        fields = json.loads(content)
        own = fields.pop(_OWN)
        sound = re.fullmatch("[0-9a-f]{64}", own) is not None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{file} is damaged: it is not as it was written") from error
    head, _, tail = content.rpartition(own.encode())
    if not sound or hashlib.sha256(head + _BLANK.encode() + tail).hexdigest() != own:
        raise InputError(f"{file} is damaged: it is not as it was written")
    files = fields.pop(_FILES, None)
    if not isinstance(files, dict):
        raise InputError(f"{file} is damaged: it lists no files")
    return fields, files


def check_sealed(folder: Path, relative: str, expected: str) -> None:
    """One file of a seal's list: inside the folder, plain, and unchanged.

    Raises:
        InputError: it is not.
    """
    file = _inside(folder, relative)
    if _sha256(file, folder) != expected:
        raise InputError(f"{file} is damaged: it is not as it was written")


def read_sealed(folder: Path, relative: str, expected: str) -> bytes:
    """The same, and its content: the very bytes that were checked.

    Raises:
        InputError: see `check_sealed`.
    """
    file = _inside(folder, relative)
    with _open(file, folder) as stream:
        content = stream.read()
    if hashlib.sha256(content).hexdigest() != expected:
        raise InputError(f"{file} is damaged: it is not as it was written")
    return content


def _inside(folder: Path, relative: str) -> Path:
    """The path of a listed file, if no step of the way leaves the folder."""
    parts = Path(str(relative)).parts
    if Path(str(relative)).is_absolute() or ".." in parts:
        raise InputError(f"{folder} is damaged: it lists {relative!r}, which is not inside it")
    for depth in range(1, len(parts)):
        inner = folder.joinpath(*parts[:depth])
        if inner.is_symlink():
            raise InputError(f"{inner} is a link, and a folder was expected: copy its files there")
    return folder / str(relative)


def _open(file: Path, where: Path) -> BinaryIO:
    """A file of its own: not missing, and no link, pipe or device, which reading might wait for."""
    try:
        mode = os.lstat(file).st_mode
        if stat.S_ISREG(mode):
            stream = os.fdopen(os.open(file, _PLAIN), "rb")
            if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return stream
            stream.close()
    except (OSError, ValueError) as error:  # a name with a zero byte in it is a ValueError
        raise InputError(f"{where} is damaged: {file.name!r} is missing") from error
    kind = "a link" if stat.S_ISLNK(mode) else "no plain file"
    raise InputError(f"{file} is {kind}, and a file was expected: copy the file there")


def _sha256(file: Path, where: Path | None = None) -> str:
    digest = hashlib.sha256()
    with _open(file, where or file) as stream:
        while block := stream.read(2**20):
            digest.update(block)
    return digest.hexdigest()
