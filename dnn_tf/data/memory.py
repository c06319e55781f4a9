"""Whether arrays fit into the memory of this machine, asked before they are made."""

import os
from collections.abc import Iterator
from pathlib import Path

from dnn_tf.types import InputError

_GROUPS, _MOUNTS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")

_LIMITS = {"": ("", "memory.max"), "memory": ("memory", "memory.limit_in_bytes")}
"""The mount and the file of each version of cgroups, by what `_GROUPS` calls it."""


def check_fits(n_bytes: int, what: str, repair: str = "take less of it") -> None:
    """No more bytes than the machine, or the container on it, has in all.

    >>> check_fits(10**18, "pets")
    Traceback (most recent call last):
    dnn_tf.types.InputError: pets: 1e+09 GB of memory are needed, and this machine has ...
    """
    memory = machine_memory()
    if memory is not None and n_bytes > memory:
        raise InputError(
            f"{what}: {n_bytes / 1e9:.3g} GB of memory are needed, and this machine has "
            f"{memory / 1e9:.3g} GB: {repair}"
        )


def machine_memory() -> int | None:
    """In bytes: that of the host, or what a container may use of it; `None` if neither is told."""
    return min(filter(None, [_host_memory(), *_limits()]), default=None)


def _host_memory() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # as on Windows
        return None


def _limits() -> Iterator[int]:
    """What Linux allows the group of this process, and those above it."""
    try:
        groups = _GROUPS.read_text().splitlines()
    except OSError:
        return
    for line in groups:  # as in "0::/docker/1f" of version 2, "4:memory:/docker/1f" of version 1
        _, kinds, group = line.split(":", 2)
        if kinds in _LIMITS:
            mount, file = _LIMITS[kinds]
            inside = Path(group.lstrip("/"))
            for folder in (inside, *inside.parents):
                yield from _limit(_MOUNTS / mount / folder / file)


def _limit(file: Path) -> Iterator[int]:
    try:
        yield int(file.read_text())
    except (OSError, ValueError):  # absent, or the word "max"
        return
