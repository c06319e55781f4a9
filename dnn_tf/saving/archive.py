"""A `.keras` file, which is a zip: only the members that Keras writes, only as it writes them."""

import io
import zipfile
from typing import NamedTuple

from dnn_tf.types import InputError

LARGEST = 4 * 2**30
"""Bytes of a `.keras` file: far above any network of this package, and it is read as a whole."""

_LARGEST_MEMBER = {
    "metadata.json": 2**16,
    "config.json": 16 * 2**20,
    "model.weights.h5": LARGEST,
}
"""Keras knows two more, and both are refused: `assets/`, vocabularies of layers that are not loaded
either, and `model.weights.npz`, which only its private functions write."""

_ENCRYPTED = 0x1
_LINK, _KIND = 0o120000, 0o170000
_FILE = (0, 0o100000)  # of a mode: not said, and a plain file


class Archive(NamedTuple):
    """What a `.keras` file is made of."""

    metadata: bytes
    config: bytes
    weights: bytes


def open_archive(content: bytes, where: str) -> Archive:
    """The parts of a `.keras` file, given as its bytes.

    Nothing is unpacked to the disk. A member is stored as it is, so it cannot grow: Keras does not
    compress, and what is compressed is refused.

    Raises:
        InputError: it is no zip, or not one that Keras writes; the message names the member.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            for member in members:
                _check_member(member, where)
            names = [member.filename for member in members]
            for name in _LARGEST_MEMBER:
                if names.count(name) != 1:
                    raise InputError(
                        f"{where}: it holds {names.count(name)} members {name}, and a Keras file "
                        "has one: the file is damaged"
                    )
            return Archive(*(archive.read(name) for name in _LARGEST_MEMBER))
    except InputError:
        raise
    except Exception as error:  # zipfile raises a dozen kinds on what is no zip, or a damaged one
        raise InputError(
            f"{where} is no Keras file, or is damaged: save the network again, or copy it again"
        ) from error


def _check_member(member: zipfile.ZipInfo, where: str) -> None:
    name = member.filename
    kind = member.external_attr >> 16 & _KIND
    if name not in _LARGEST_MEMBER:
        problem = f"is none of {', '.join(_LARGEST_MEMBER)}"
    elif member.orig_filename != name:
        problem = "has a second name"
    elif kind not in _FILE:
        problem = "is a link" if kind == _LINK else "is no plain file"
    elif member.flag_bits & _ENCRYPTED:
        problem = "is encrypted"
    elif member.compress_type != zipfile.ZIP_STORED or member.compress_size != member.file_size:
        problem = "is compressed, which Keras does not do"
    elif member.file_size > _LARGEST_MEMBER[name]:
        problem = f"is larger than {_LARGEST_MEMBER[name] >> 10} KiB"
    else:
        return
    raise InputError(
        f"{where}: its member {name!r:.80} {problem}: Keras writes none such; save the network "
        "again"
    )
