"""The weights in a Keras file, which are HDF5: plain arrays of numbers, all inside the file."""

import io
import math
from collections.abc import Iterator

import h5py

from dnn_tf.types import InputError

_DEEPEST = 64
_KINDS = "fiub"  # of dtypes: floats, integers, unsigned, booleans
_LONGEST_ATTRIBUTE = 2**16


def check_weights(content: bytes, where: str) -> int:
    """Whether a weights file holds nothing but plain arrays whose numbers are all in it.

    HDF5 can do more, and all of that is refused: links, to other files too; data kept in other
    files; data put together of others; compression and fill values, by which a few bytes stand for
    terabytes; objects, references and texts of any length.

    Returns:
        How many numbers it holds.

    Raises:
        InputError: it does more, or is no HDF5; the message names the array.
    """
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            sizes = [_check_array(array, len(content), where) for array in _arrays(file, where)]
    except InputError:
        raise
    except Exception as error:  # whatever HDF5 makes of bytes that are none of its own
        raise InputError(
            f"{where}: its weights are damaged: copy or save the file again"
        ) from error
    if sum(stored for stored, _ in sizes) > len(content):
        raise InputError(
            f"{where}: its weights overlap: Keras writes none such; save the network again"
        )
    return sum(numbers for _, numbers in sizes)


def _arrays(file: h5py.File, where: str) -> Iterator[h5py.Dataset]:
    """Every array, without following a link."""
    seen = set()
    left: list[tuple[h5py.Group, int]] = [(file, 0)]
    while left:
        group, depth = left.pop()
        _check_attributes(group, where)
        if depth > _DEEPEST:
            raise _refused(group, "lies too deep", where)
        for name in group:
            place = f"{group.name}/{name}"
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise _refused(place, "is a link", where)
            child = group[name]
            address = h5py.h5o.get_info(child.id).addr
            if address in seen:
                raise _refused(place, "is a second name of something", where)
            seen.add(address)
            if isinstance(child, h5py.Dataset):
                yield child
            elif isinstance(child, h5py.Group):
                left.append((child, depth + 1))
            else:
                raise _refused(place, "is neither an array nor a group", where)


def _check_array(array: h5py.Dataset, file_size: int, where: str) -> tuple[int, int]:
    """How many bytes and how many numbers it holds."""
    _check_attributes(array, where)
    plan = array.id.get_create_plist()
    if plan.get_external_count():
        raise _refused(array, "keeps its numbers in another file", where)
    if plan.get_layout() not in (h5py.h5d.CONTIGUOUS, h5py.h5d.COMPACT):
        raise _refused(array, "is compressed, in pieces, or put together of others", where)
    bfloat16 = array.dtype == "V2" and array.attrs.get("dtype") == "bfloat16"
    if array.dtype.kind not in _KINDS and not bfloat16:
        raise _refused(array, f"holds {array.dtype!s:.40}, which are no numbers", where)
    if array.shape is None:
        raise _refused(array, "has no shape", where)
    numbers = math.prod(array.shape)
    stored = numbers * array.dtype.itemsize
    offset = array.id.get_offset() or 0
    if array.id.get_storage_size() != stored or offset + stored > file_size:
        raise _refused(array, f"has the shape {array.shape!s:.60} without the numbers", where)
    return stored, numbers


def _check_attributes(thing: h5py.Group | h5py.Dataset, where: str) -> None:
    """Keras writes the name of a layer, and of a dtype."""
    for name in thing.attrs:
        attribute = thing.attrs.get_id(name)
        if attribute.shape != () or attribute.get_storage_size() > _LONGEST_ATTRIBUTE:
            raise _refused(thing, f"has an attribute {name!r:.40} that is no text", where)


def _refused(thing: h5py.Group | h5py.Dataset | str, problem: str, where: str) -> InputError:
    place = thing if isinstance(thing, str) else thing.name
    return InputError(
        f"{where}: {place!r:.80} in its weights {problem}: Keras writes none such; save the "
        "network again"
    )
