"""Whether arrays fit into the memory of this machine, asked before they are made."""

import os

from dnn_tf.types import InputError


def check_fits(n_bytes: int, what: str, repair: str = "take less of it") -> None:
    """No more bytes than the machine has in all.

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
    """In bytes; `None` where the system does not tell, as on Windows."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
