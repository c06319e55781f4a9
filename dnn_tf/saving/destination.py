"""Where a model may be saved."""

import tempfile
from pathlib import Path

from dnn_tf.saving.contents import as_path, foreign
from dnn_tf.storage import recover
from dnn_tf.types import InputError, first_line


def check_destination(path: str | Path) -> Path:
    """Whether `save` could write there, asked before training rather than after.

    Returns:
        The path, absolute, links followed.

    Raises:
        InputError: the path holds something that `save` did not write, or cannot be written.
    """
    given = as_path(path)
    try:
        path = given.resolve()
        _check_replaceable(path, given)
        path.parent.mkdir(parents=True, exist_ok=True)
        Path(tempfile.mkdtemp(".probe", f".{path.name}.", path.parent)).rmdir()
    except (OSError, RuntimeError) as error:  # the latter of links in a circle
        reason = getattr(error, "strerror", None) or first_line(error)
        raise InputError(
            f"{given} cannot be written ({reason}): name a folder that can be"
        ) from error
    return path


def _check_replaceable(path: Path, given: Path) -> None:
    """Whether nothing is there that would be missed."""
    if Path.cwd().is_relative_to(path):
        raise InputError(f"{given} is the folder you work in: name a folder inside it")
    recover(path)
    if path.exists() and not path.is_dir():
        raise InputError(f"{given} is a file, and a folder to save to was expected: name another")
    if path.is_dir() and (name := foreign(path)):
        raise InputError(
            f"{given} holds something else than a saved model ({name}), and it would be lost: "
            "name another folder, or an empty one"
        )
