"""Where an export may go."""

from pathlib import Path

from dnn_tf.saving.contents import EXTRA
from dnn_tf.saving.destination import check_destination
from dnn_tf.storage.replacement import name_beside
from dnn_tf.types import InputError


def check_file(given: str | Path, ending: str) -> Path:
    """A place for a file of that ending: a new one, or one that is there and will be replaced.

    Returns:
        The path, absolute, links followed.

    Raises:
        InputError: it has another ending, is a folder, or cannot be written.

    >>> check_file("digits", ".onnx")
    Traceback (most recent call last):
    dnn_tf.types.InputError: digits does not end in .onnx: name it digits.onnx
    """
    path = Path(given).resolve()
    if path.suffix != ending:
        raise InputError(f"{given} does not end in {ending}: name it {path.stem}{ending}")
    if path.exists() and not path.is_file():
        raise InputError(f"{given} is no file, and a file to write was expected: name another")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        probe = name_beside(path)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError(
            f"{given} cannot be written ({error.strerror}): name a folder that can be"
        ) from error
    return path


def check_folder(given: str | Path) -> Path:
    """A place for a plain SavedModel: a new folder, an empty one, or a plain SavedModel.

    Returns:
        The path, absolute, links followed.

    Raises:
        InputError: it holds something else, the card and the network of `save` included; or it
            cannot be written.
    """
    path = check_destination(given)
    if (path / EXTRA).exists():
        raise InputError(
            f"{given} holds a saved model, and its {EXTRA} would be lost: name another folder"
        )
    return path
