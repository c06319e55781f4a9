"""The weights: plain arrays of numbers, all inside the file."""

import io

import h5py
import ml_dtypes
import numpy as np
import pytest

from dnn_tf.saving import weights_file
from dnn_tf.saving.weights_file import check_weights
from dnn_tf.types import InputError

ZEROS = np.zeros((3, 4), "float32")


def hdf5(fill, **words):
    memory = io.BytesIO()
    with h5py.File(memory, "w", **words) as file:
        file.create_group("layers").create_dataset("sound", data=ZEROS)
        fill(file["layers"])
    return memory.getvalue()


def refused(fill, said):
    with pytest.raises(InputError, match=said):
        check_weights(hdf5(fill), "m")


@pytest.mark.parametrize(
    "dtype", ["float16", "float32", "float64", "int8", "int64", "uint32", "bool"]
)
def test_numbers_are_counted(dtype):
    content = hdf5(lambda group: group.create_dataset("a", data=np.ones((5, 2), dtype)))
    assert check_weights(content, "m") == 12 + 10


def test_one_number_and_none_and_names():
    def fill(group):
        group["scalar"] = np.float32(1)
        group["none"] = np.zeros((0, 3))
        group.attrs["name"] = "hidden1"

    assert check_weights(hdf5(fill), "m") == 13


def test_bfloat16_as_keras_writes_it():
    def fill(group):
        group.create_dataset("a", data=np.ones(3, ml_dtypes.bfloat16)).attrs["dtype"] = "bfloat16"

    assert check_weights(hdf5(fill), "m") == 15


@pytest.mark.parametrize("link", [h5py.SoftLink("/layers/sound"), h5py.ExternalLink("/x.h5", "x")])
def test_no_links(link):
    refused(lambda group: group.__setitem__("a", link), "'/layers/a' in its weights is a link")


def test_no_second_names_and_no_circles():
    refused(lambda group: group.__setitem__("z", group["sound"]), "is a second name")
    refused(lambda group: group.__setitem__("a", group), "is a second name")


def test_a_type_is_no_array():
    refused(lambda group: group.__setitem__("a", np.dtype("f4")), "neither an array nor a group")


def test_no_other_files(tmp_path):
    place = tmp_path / "w.h5"  # not in memory: h5py looks for the other file there
    with h5py.File(place, "w") as file:
        file.create_dataset("a", (3,), "f4", external=[(str(tmp_path / "other"), 0, 12)])
    with pytest.raises(InputError, match="keeps its numbers in another file"):
        check_weights(place.read_bytes(), "m")


def test_not_put_together_of_others():
    def fill(group):
        layout = h5py.VirtualLayout((3,), "f4")
        layout[:] = h5py.VirtualSource(".", "/layers/sound", (3, 4))[0, :3]
        group.create_virtual_dataset("a", layout)

    refused(fill, "put together of others")


@pytest.mark.parametrize("words", [{"chunks": (2, 2)}, {"compression": "gzip"}])
def test_no_compression_and_no_pieces(words):
    refused(lambda group: group.create_dataset("a", data=ZEROS, **words), "compressed, in pieces")


@pytest.mark.parametrize("shape", [(2, 2), (10**6, 10**6)])
def test_a_shape_needs_its_numbers(shape):
    """Where nothing was written, HDF5 stands in with a fill value."""
    refused(lambda group: group.create_dataset("a", shape, "f4"), "without the numbers")


def test_the_last_number_is_in_the_file_too():
    """A later HDF5 looks itself; an earlier one would read beyond the end."""
    with h5py.File(io.BytesIO(), "w") as file:
        array = file.create_dataset("a", data=np.ones(300, "f4"))
        end = array.id.get_offset() + 1200
        assert weights_file._check_array(array, end, "m") == (1200, 300)
        with pytest.raises(InputError, match="'/a' .* has the shape .* without the numbers"):
            weights_file._check_array(array, end - 1, "m")


@pytest.mark.parametrize(
    "array",
    [
        np.array(["a"], h5py.string_dtype()),
        np.array([b"abc"]),
        np.zeros(2, "complex64"),
        np.zeros(2, "V2"),
        np.zeros(2, [("a", "f4")]),
    ],
)
def test_numbers_only(array):
    refused(lambda group: group.create_dataset("a", data=array), "which are no numbers")


def test_no_references():
    refused(lambda group: group.create_dataset("a", (2,), h5py.ref_dtype), "which are no numbers")


def test_a_shape():
    refused(lambda group: group.create_dataset("a", data=h5py.Empty("f4")), "has no shape")


@pytest.mark.parametrize("value", [np.zeros(3), "x" * 2**17])
def test_attributes_are_short_texts(value):
    def on_group(group):
        group.attrs["name"] = value

    def on_array(group):
        group["sound"].attrs["dtype"] = value

    if isinstance(value, str):
        value = np.bytes_(b"x" * 60_000)  # HDF5 itself stops at 64 KiB
        assert check_weights(hdf5(on_group), "m")
        return
    refused(on_group, "'/layers' in its weights has an attribute 'name'")
    refused(on_array, "'/layers/sound' in its weights has an attribute 'dtype'")


def test_not_too_deep(monkeypatch):
    content = hdf5(lambda group: group.create_group("/".join("abcdef")))
    assert check_weights(content, "m") == 12
    monkeypatch.setattr(weights_file, "_DEEPEST", 5)
    with pytest.raises(InputError, match="lies too deep"):
        check_weights(content, "m")


def test_arrays_do_not_lie_on_one_another(monkeypatch):
    content = hdf5(lambda group: None)
    numbers = content.index(np.zeros(12, "f4").tobytes())
    assert numbers  # each array fits by itself, and two of them are more than the file has
    monkeypatch.setattr(weights_file, "_check_array", lambda array, size, where: (size // 2 + 1, 1))
    two = hdf5(lambda group: group.create_dataset("a", data=ZEROS))
    with pytest.raises(InputError, match="its weights overlap"):
        check_weights(two, "m")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89HDF\r\n\x1a\n" + bytes(900)])
def test_no_hdf5(content):
    with pytest.raises(InputError, match="m: its weights are damaged"):
        check_weights(content, "m")


def test_cut_off():
    content = hdf5(lambda group: group.create_dataset("a", data=np.ones(9999, "f4")))
    with pytest.raises(InputError, match="m: its weights are damaged"):
        check_weights(content[: len(content) // 2], "m")
