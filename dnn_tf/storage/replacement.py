"""A folder is replaced in one stroke, or not at all."""

import ctypes
import glob
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_HOST = platform.node().replace(".", "-")


def _previous(target: Path) -> Path:
    return target.with_name(f".{target.name}.previous")


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new folder beside `target`, to be filled, which takes its place when the block ends.

    If the block raises, the new folder is removed and `target` is as it was. The exchange is one
    system call on Linux. Elsewhere it is two, and `recover` mends what a kill between them leaves.
    What killed processes left beside it is removed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent)
    beside = name_beside(target)
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    try:
        yield beside
        _sync(beside)
        if not target.exists():
            beside.rename(target)
        elif not _exchange(beside, target):
            shutil.rmtree(_previous(target), ignore_errors=True)
            target.rename(_previous(target))
            beside.rename(target)
            shutil.rmtree(_previous(target))
        sync_folder(target.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def recover(target: Path) -> None:
    """Puts the old folder back if a kill came between its going and the new one's coming."""
    if not target.exists() and _previous(target).is_dir():
        _previous(target).rename(target)


def name_beside(target: Path) -> Path:
    """What a new file or folder is called until it is whole."""
    return target.with_name(f".{target.name}.{_HOST}.{os.getpid()}.tmp")


def sweep(folder: Path) -> None:
    """Removes what processes of this machine that are dead by now left half made in a folder."""
    if os.name != "posix":  # elsewhere there is no harmless way to ask whether one lives
        return
    for left in folder.glob(f".*.{glob.escape(_HOST)}.*.tmp"):
        process = left.name.split(".")[-2]
        if process.isdecimal() and not _is_alive(int(process)):
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
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
