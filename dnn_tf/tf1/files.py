"""Which files a checkpoint consists of, from whatever name of it is given."""

import re
from pathlib import Path

import tensorflow as tf

from dnn_tf.types import InputError, first_line

_ENDINGS = re.compile(r"\.(index|meta|data-\d{5}-of-\d{5})$")


def find_checkpoint(path: str | Path) -> Path:
    """The name that TF1's `Saver` was given: `my_model_final.ckpt`, say.

    Args:
        path: that name; one of the files `.index`, `.meta`, `.data-00000-of-00001` that belong to
            it; the single file of the V1 format; the folder of the checkpoint, of which the state
            file `checkpoint` names the latest; or the folder of a TF1 SavedModel.

    Raises:
        InputError: there is no such checkpoint, or a part of it is missing.
    """
    path = Path(path)
    if path.name == "checkpoint" and path.is_file():
        path = path.parent
    found = _in_folder(path) if path.is_dir() else path
    prefix = found.with_name(_ENDINGS.sub("", found.name))
    if is_v2(prefix):
        _check_shards(prefix)
    elif list(_shards(prefix)):
        raise InputError(
            f"{_index(prefix)} is missing: a checkpoint is its .index and its .data files; copy "
            "both"
        )
    elif not prefix.is_file():
        raise InputError(
            f"{found}: no such checkpoint; the name that TF1's Saver was given was expected, such "
            "as my_model_final.ckpt, or its folder"
        )
    return prefix


def is_v2(prefix: Path) -> bool:
    """Whether it is of the V2 format: an `.index` beside `.data` files."""
    return _index(prefix).is_file()


def size_on_disk(prefix: Path) -> int:
    """The bytes of all numbers of a checkpoint, and a few more."""
    files = list(_shards(prefix)) if is_v2(prefix) else [prefix]
    return sum(file.stat().st_size for file in files)


def _index(prefix: Path) -> Path:
    return prefix.with_name(f"{prefix.name}.index")


def _shards(prefix: Path) -> dict[Path, int]:
    """The data files that are there, each with the count of those that should be."""
    named = re.compile(re.escape(prefix.name) + r"\.data-\d{5}-of-(\d{5})")
    if not prefix.parent.is_dir():
        return {}
    matches = {file: named.fullmatch(file.name) for file in prefix.parent.iterdir()}
    return {file: int(match[1]) for file, match in matches.items() if match}


def _check_shards(prefix: Path) -> None:
    shards = _shards(prefix)
    if not shards:
        raise InputError(
            f"{prefix}.data-00000-of-00001 is missing: {prefix.name}.index only lists the "
            "variables; copy the .data file beside it"
        )
    expected = max(shards.values())
    if len(shards) != expected:
        raise InputError(
            f"{prefix} has {len(shards)} of {expected} .data files: copy the others beside them"
        )


def _in_folder(folder: Path) -> Path:
    """The latest checkpoint of a folder, even if the folder was moved since."""
    if (folder / "checkpoint").is_file():
        return _latest(folder)
    if (folder / "saved_model.pb").is_file():
        return folder / "variables" / "variables"
    found = sorted(folder.glob("*.index"))
    if len(found) == 1:
        return found[0]
    names = f": name one of {', '.join(file.stem for file in found)}" if found else ""
    raise InputError(
        f"{folder} has no state file 'checkpoint' and {len(found)} .index files, and one "
        f"checkpoint was expected{names}"
    )


def _latest(folder: Path) -> Path:
    try:
        state = tf.train.get_checkpoint_state(str(folder))
    except Exception as error:  # whatever a damaged text makes TensorFlow raise
        raise InputError(
            f"{folder / 'checkpoint'} cannot be read ({first_line(error)}): name the checkpoint "
            "itself"
        ) from error
    if state is None or not state.model_checkpoint_path:
        raise InputError(f"{folder / 'checkpoint'} names no checkpoint: name the checkpoint itself")
    latest = Path(state.model_checkpoint_path)
    here = folder / latest.name
    return here if is_v2(here) or here.is_file() else latest
