"""Hostile weights: HDF5 that reads other files, or turns a few bytes into terabytes."""

import io
from pathlib import Path

import h5py
import numpy as np

from soak.artefact_kit import change_weights, read_parts, write_parts

KERNEL = "layers/neuron_layer/vars/0"
SHAPE = (6, 8)


def _replaced(folder: Path, make) -> None:
    """`make(group, name)` in the place of the first kernel."""

    def change(file):
        del file[KERNEL]
        group, _, name = KERNEL.rpartition("/")
        make(file[group], name)

    change_weights(folder, change)


def external_link(folder: Path, canary: Path) -> None:
    _replaced(
        folder, lambda group, name: group.__setitem__(name, _outside(folder, h5py.ExternalLink))
    )


def soft_link(folder: Path, canary: Path) -> None:
    _replaced(folder, lambda group, name: group.__setitem__(name, h5py.SoftLink("/layers/secret")))


def linked_group(folder: Path, canary: Path) -> None:
    def change(file):
        del file["layers/neuron_layer"]
        file["layers/neuron_layer"] = _outside(folder, h5py.ExternalLink)

    change_weights(folder, change)


def _outside(folder: Path, link):
    place = folder.parent / f"{folder.name} outside.h5"
    with h5py.File(place, "w") as file:
        file["x"] = np.zeros(SHAPE, "float32")
    return link(str(place), "x")


def external_storage(folder: Path, canary: Path) -> None:
    """Its numbers are the bytes of the canary."""
    place = folder.parent / f"{folder.name} outside.h5"
    with h5py.File(place, "w") as file:
        group = file.create_group("layers/neuron_layer/vars")
        group.create_dataset("0", SHAPE, "float32", external=[(str(canary), 0, 6 * 8 * 4)])
    parts = read_parts(folder) | {"model.weights.h5": place.read_bytes()}
    write_parts(folder, parts.items())


def virtual(folder: Path, canary: Path) -> None:
    """Put together of other files."""

    def make(group, name):
        layout = h5py.VirtualLayout(SHAPE, "float32")
        layout[:] = h5py.VirtualSource(str(canary), "x", SHAPE)
        group.create_virtual_dataset(name, layout)

    _replaced(folder, make)


def bomb_by_compression(folder: Path, canary: Path) -> None:
    _replaced(folder, lambda group, name: group.create_dataset(
        name, (2**20, 2**20), "float32", chunks=(2**10, 2**10), compression="gzip"))  # fmt: skip


def bomb_by_nothing_written(folder: Path, canary: Path) -> None:
    """Four terabytes of the value that stands for what was never written."""
    _replaced(folder, lambda group, name: group.create_dataset(name, (2**20, 2**20), "float32"))


def compressed(folder: Path, canary: Path) -> None:
    _replaced(folder, lambda group, name: group.create_dataset(
        name, data=np.zeros(SHAPE, "float32"), compression="gzip"))  # fmt: skip


def texts(folder: Path, canary: Path) -> None:
    _replaced(folder, lambda group, name: group.create_dataset(
        name, data=np.array([["x"] * 8] * 6, object), dtype=h5py.string_dtype()))  # fmt: skip


def references(folder: Path, canary: Path) -> None:
    def make(group, name):
        group.create_dataset(name, SHAPE, h5py.ref_dtype)

    _replaced(folder, make)


def opaque(folder: Path, canary: Path) -> None:
    _replaced(folder, lambda group, name: group.create_dataset(name, data=np.zeros(SHAPE, "V4")))


def compound(folder: Path, canary: Path) -> None:
    _replaced(folder, lambda group, name: group.create_dataset(
        name, data=np.zeros(SHAPE, [("a", "f4"), ("b", "f4")])))  # fmt: skip


def named_type(folder: Path, canary: Path) -> None:
    _replaced(folder, lambda group, name: group.__setitem__(name, np.dtype("float32")))


def circle(folder: Path, canary: Path) -> None:
    """A group that holds itself: who walks it never comes back."""
    _replaced(folder, lambda group, name: group.__setitem__(name, group))


def second_name(folder: Path, canary: Path) -> None:
    def change(file):
        file["layers/again"] = file[KERNEL]

    change_weights(folder, change)


def long_attribute(folder: Path, canary: Path) -> None:
    def change(file):
        file[KERNEL].attrs["dtype"] = np.array(["bfloat16"] * 3, "S8")

    change_weights(folder, change)


def no_shape(folder: Path, canary: Path) -> None:
    _replaced(folder, lambda group, name: group.create_dataset(name, data=h5py.Empty("float32")))


def no_hdf5(folder: Path, canary: Path) -> None:
    parts = read_parts(folder) | {"model.weights.h5": b"\x89HDF\r\n\x1a\n" + bytes(2_000)}
    write_parts(folder, parts.items())


def other_hdf5(folder: Path, canary: Path) -> None:
    """Sound, and without a single weight."""
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        file.create_group("layers")
    write_parts(folder, (read_parts(folder) | {"model.weights.h5": memory.getvalue()}).items())


KINDS = [
    external_link, soft_link, linked_group, external_storage, virtual, bomb_by_compression,
    bomb_by_nothing_written, compressed, texts, references, opaque, compound, named_type, circle,
    second_name, long_attribute, no_shape, no_hdf5, other_hdf5,
]  # fmt: skip
