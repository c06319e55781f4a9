"""A file is replaced in one stroke, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dnn_tf.storage.replacement import name_beside, sweep, sync_folder


@contextmanager
def replacing_file(target: Path) -> Iterator[Path]:
    """The name of a new file beside `target`, to be written, which takes its place at the end.

    If the block raises, the new file is removed and `target` is as it was.
    """
    sweep(target.parent)
    beside = name_beside(target)
    try:
        yield beside
        with beside.open("rb") as stream:
            os.fsync(stream.fileno())
        beside.replace(target)
        sync_folder(target.parent)
    finally:
        beside.unlink(missing_ok=True)
