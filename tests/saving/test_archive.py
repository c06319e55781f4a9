"""A `.keras` file: only the members that Keras writes, only as it writes them."""

import io
import stat
import struct
import warnings
import zipfile

import numpy as np
import pytest

from dnn_tf.saving import archive
from dnn_tf.saving.archive import open_archive
from dnn_tf.types import InputError

PARTS = {"metadata.json": b"{}", "config.json": b'{"a": 1}', "model.weights.h5": bytes(range(256))}


def zipped(*members):
    memory = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(memory, "w") as file:
        warnings.simplefilter("ignore")  # of a name that comes twice
        for name, content in members:
            file.writestr(name, content)
    return memory.getvalue()


def with_info(name="model.weights.h5", **words):
    """The three members, one of them with other words in its entry."""
    member = zipfile.ZipInfo(name)
    for word, value in words.items():
        setattr(member, word, value)
    return zipped(*((member if part == name else part, text) for part, text in PARTS.items()))


def test_what_keras_writes_is_taken_apart():
    parts = open_archive(zipped(*PARTS.items()), "m")
    assert parts == (PARTS["metadata.json"], PARTS["config.json"], PARTS["model.weights.h5"])


@pytest.mark.parametrize(
    "name",
    ["../config.json", "/etc/passwd", "..\\canary", "C:\\x", "assets/a", "model.weights.npz", "x/"],
)
def test_no_other_member(name):
    with pytest.raises(InputError, match=r"^m: its member .* is none of metadata\.json"):
        open_archive(zipped(*PARTS.items(), (name, b"")), "m")


@pytest.mark.parametrize("name", PARTS)
def test_each_member_once(name):
    with pytest.raises(InputError, match=f"it holds 2 members {name}"):
        open_archive(zipped(*PARTS.items(), (name, b"")), "m")
    fewer = [(part, text) for part, text in PARTS.items() if part != name]
    with pytest.raises(InputError, match=f"it holds 0 members {name}"):
        open_archive(zipped(*fewer), "m")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (stat.S_IFLNK, "is a link"),
        (stat.S_IFCHR, "is no plain file"),
        (stat.S_IFIFO, "is no plain file"),
        (stat.S_IFDIR, "is no plain file"),
    ],
)
def test_plain_files_only(kind, said):
    with pytest.raises(InputError, match=said):
        open_archive(with_info(external_attr=(kind | 0o777) << 16), "m")
    assert open_archive(with_info(external_attr=(stat.S_IFREG | 0o600) << 16), "m")


def test_nothing_compressed():
    with pytest.raises(InputError, match=r"'model\.weights\.h5' is compressed"):
        open_archive(with_info(compress_type=zipfile.ZIP_DEFLATED), "m")


def test_nothing_compressed_to_its_own_length():
    """Some bytes are as long after it as before; they are no way out either."""
    noise = np.random.default_rng(0).bytes(400)
    for zeros in range(60):
        member = zipfile.ZipInfo("model.weights.h5")
        member.compress_type = zipfile.ZIP_DEFLATED
        parts = PARTS | {"model.weights.h5": noise + bytes(zeros)}
        content = zipped(
            *((member if name == member.filename else name, parts[name]) for name in parts)
        )
        if member.compress_size == member.file_size:
            with pytest.raises(InputError, match=r"'model\.weights\.h5' is compressed"):
                open_archive(content, "m")
            return
    raise AssertionError("no such length was found")


def entry(content, name=b"model.weights.h5"):
    """Where the directory of the zip speaks of a member."""
    return content.rindex(name) - 46


def patched(offset, value):
    content = bytearray(zipped(*PARTS.items()))
    place = entry(content) + offset
    content[place : place + len(value)] = value
    return bytes(content)


def test_nothing_encrypted():
    with pytest.raises(InputError, match="is encrypted"):
        open_archive(patched(8, struct.pack("<H", 1)), "m")


def test_a_member_is_as_large_as_it_says():
    with pytest.raises(InputError, match="is compressed"):
        open_archive(patched(24, struct.pack("<L", 10**9)), "m")
    with pytest.raises(InputError, match="m is no Keras file, or is damaged"):
        open_archive(patched(20, struct.pack("<LL", 10**9, 10**9)), "m")


@pytest.mark.parametrize("name", ["config.json", "metadata.json"])
def test_not_too_large(monkeypatch, name):
    monkeypatch.setitem(archive._LARGEST_MEMBER, name, len(PARTS[name]))
    assert open_archive(zipped(*PARTS.items()), "m")
    monkeypatch.setitem(archive._LARGEST_MEMBER, name, len(PARTS[name]) - 1)
    with pytest.raises(InputError, match=f"{name}' is larger than 0 KiB"):
        open_archive(zipped(*PARTS.items()), "m")


def test_a_name_with_an_end_in_it():
    """Python cuts a name at a zero byte; another reader does not."""
    content = zipped(*PARTS.items()).replace(b"metadata.json", b"metadata\0json")
    with pytest.raises(InputError, match="'metadata' is none of"):
        open_archive(content, "m")
    other = [(name.replace("config.json", "config.jsonXX"), text) for name, text in PARTS.items()]
    content = zipped(*other).replace(b"config.jsonXX", b"config.json\0X")
    with pytest.raises(InputError, match="has a second name"):
        open_archive(content, "m")


@pytest.mark.parametrize("content", [b"", b"PK", b"hello" * 100, bytes(1000)])
def test_no_zip(content):
    with pytest.raises(InputError, match="m is no Keras file"):
        open_archive(content, "m")


def test_changed_bytes_are_noticed():
    content = zipped(*PARTS.items())
    place = content.index(PARTS["model.weights.h5"])
    for file in (content[:-30], content[:place] + b"\1" + content[place + 1 :]):
        with pytest.raises(InputError, match="or is damaged"):
            open_archive(file, "m")
