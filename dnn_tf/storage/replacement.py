"""A folder is replaced in one stroke, or not at all."""

import ctypes
import glob
import itertools
import os
import platform
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_HOST = platform.node().replace(".", "-")
_RUN = secrets.token_hex(4)
"""Of this process alone: another one may have had its number, in a container above all."""
_CALLS = itertools.count()
_RENAMING = threading.Lock()


def _previous(target: Path) -> Path:
    return target.with_name(f".{target.name}.previous")


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new folder beside `target`, to be filled, which takes its place when the block ends.

    If the block or a rename raises, the new folder is removed and `target` is as it was. The
    exchange is one system call on Linux. Elsewhere it is two, and `recover` mends what a kill
    between them leaves. What killed processes left beside it is removed where that is allowed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent)
    beside = name_beside(target)
    beside.mkdir()
    try:
        yield beside
        _sync(beside)
        with _RENAMING:
            _take_place(beside, target)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        with _RENAMING:
            if target.exists():  # else the previous one is all there is
                shutil.rmtree(_previous(target), ignore_errors=True)


def _take_place(beside: Path, target: Path) -> None:
    if not target.exists():
        beside.rename(target)
    elif not _exchange(beside, target):
        shutil.rmtree(_previous(target), ignore_errors=True)
        try:
            target.rename(_previous(target))
            beside.rename(target)
        except BaseException:
            recover(target)
            raise


def recover(target: Path) -> None:
    """Puts the old folder back if a kill came between its going and the new one's coming."""
    if not target.exists() and _previous(target).is_dir():
        _previous(target).rename(target)


def name_beside(target: Path) -> Path:
    """What a new file or folder is called until it is whole: another name at every call."""
    own = f"{os.getpid()}-{_RUN}-{next(_CALLS)}"
    return target.with_name(f".{target.name}.{_HOST}.{own}.tmp")


def sweep(folder: Path) -> None:
    """Removes what processes of this machine that are dead by now left half made in a folder.

    What it may not remove, such as another user's, stays.
    """
    if os.name != "posix":  # elsewhere there is no harmless way to ask whether one lives
        return
    for left in folder.glob(f".*.{glob.escape(_HOST)}.*.tmp"):
        process, _, call = left.name.split(".")[-2].partition("-")
        if process.isdecimal() and not _is_alive(int(process), call):
            with suppress(OSError):
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()


def _is_alive(process: int, call: str) -> bool:
    """Whether it may still be at that call of `name_beside`."""
    if process == os.getpid():
        return call.startswith(_RUN)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # somebody else's, or no process's number
        pass
    return True


def _exchange(one: Path, other: Path) -> bool:
    """Two names swapped by the kernel; `False` where it cannot."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    if rename is None:
        return False
    paths = os.fsencode(one), os.fsencode(other)
    return rename(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0


def _sync(folder: Path) -> None:
    """Every file and folder on the disk before the names change."""
    for root, _, files in os.walk(folder):
        for name in files:
            with Path(root, name).open("rb") as stream:
                os.fsync(stream.fileno())
        sync_folder(Path(root))


def sync_folder(folder: Path) -> None:
    """The names in it on the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
