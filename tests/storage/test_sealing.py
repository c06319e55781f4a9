"""A folder that knows its files."""

import hashlib
import json
import os

import numpy as np
import pytest

from dnn_tf.storage import seal, sealing, unseal
from dnn_tf.storage.sealing import check_sealed, read_seal, read_sealed
from dnn_tf.types import InputError

FIELDS = {"epoch": 3, "names": ["eins", "zwei", "dr\u00e4i"], "rate": 0.1}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "weights").write_bytes(bytes(range(256)))
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "extra").mkdir()
    seal(tmp_path, "extra/state.json", FIELDS)
    return tmp_path


def test_what_was_sealed_comes_back(folder):
    assert unseal(folder, "extra/state.json") == FIELDS


def test_the_checksums_are_those_of_sha256sum(folder):
    fields = json.loads((folder / "extra/state.json").read_text())
    assert fields["files"] == {
        "deep/weights": hashlib.sha256(bytes(range(256))).hexdigest(),
        "note.txt": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    }


def test_every_bit_counts(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    rng = np.random.default_rng(0)
    for file in files:
        sound = file.read_bytes()
        for _ in range(300):
            place = rng.integers(len(sound) * 8)
            damaged = bytearray(sound)
            damaged[place // 8] ^= 1 << (place % 8)
            file.write_bytes(damaged)
            with pytest.raises(InputError, match="damaged"):
                unseal(folder, "extra/state.json")
        for length in {0, 1, len(sound) // 2, len(sound) - 1}:
            file.write_bytes(sound[:length])
            with pytest.raises(InputError, match="damaged"):
                unseal(folder, "extra/state.json")
        file.write_bytes(sound)
    assert unseal(folder, "extra/state.json") == FIELDS


def test_a_missing_file(folder):
    (folder / "note.txt").unlink()
    with pytest.raises(InputError, match=r"'note\.txt' is missing"):
        unseal(folder, "extra/state.json")
    (folder / "extra/state.json").unlink()
    with pytest.raises(InputError, match=r"'state\.json' is missing"):
        unseal(folder, "extra/state.json")


def test_links_and_pipes_are_not_read(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "note.txt").rename(elsewhere / "note.txt")
    (folder / "note.txt").symlink_to(elsewhere / "note.txt")
    with pytest.raises(InputError, match=r"note\.txt is a link"):
        unseal(folder, "extra/state.json")
    (folder / "note.txt").unlink()
    os.mkfifo(folder / "note.txt")
    with pytest.raises(InputError, match=r"note\.txt is no plain file"):
        unseal(folder, "extra/state.json")


def test_a_folder_that_is_a_link_is_not_entered(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "deep").rename(elsewhere / "deep")
    (folder / "deep").symlink_to(elsewhere / "deep")
    with pytest.raises(InputError, match="deep is a link"):
        unseal(folder, "extra/state.json")


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname"])
def test_a_list_that_leaves_the_folder(folder, name):
    lie = {"files": {name: "0" * 64}, "sha256": "0" * 64}
    text = json.dumps(lie)
    own = hashlib.sha256(text.encode()).hexdigest()
    (folder / "extra/state.json").write_text("".join(text.rsplit("0" * 64, 1)[:1]) + own + '"}')
    with pytest.raises(InputError, match="not inside it"):
        unseal(folder, "extra/state.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sha256": 3}', '{"sha256": "ab"}', "[" * 99999])
def test_what_is_no_seal(folder, text):
    (folder / "extra/state.json").write_text(text)
    with pytest.raises(InputError, match="not as it was written"):
        unseal(folder, "extra/state.json")


def test_nobody_reads_a_seal_without_end(folder):
    with (folder / "extra/state.json").open("wb") as stream:
        stream.truncate(65 * 2**20)  # a sparse file
    with pytest.raises(InputError, match="larger than 64 MiB"):
        unseal(folder, "extra/state.json")


def test_the_seal_alone(folder):
    (folder / "note.txt").write_text("changed")
    fields, files = read_seal(folder, "extra/state.json")
    assert fields == FIELDS
    assert sorted(files) == ["deep/weights", "note.txt"]


def test_the_bytes_that_were_checked(folder):
    _, files = read_seal(folder, "extra/state.json")
    assert read_sealed(folder, "note.txt", files["note.txt"]) == b"hello"
    check_sealed(folder, "note.txt", files["note.txt"])
    (folder / "note.txt").write_text("changed")
    for check in (read_sealed, check_sealed):
        with pytest.raises(InputError, match=r"note\.txt is damaged"):
            check(folder, "note.txt", files["note.txt"])
        with pytest.raises(InputError, match="not inside it"):
            check(folder, "../note.txt", files["note.txt"])


def test_a_link_that_comes_at_the_last_moment_is_not_followed(
    folder, tmp_path_factory, monkeypatch
):
    """`lstat` saw a file; until `open` it has become a link."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "note.txt"
    elsewhere.write_text("hello")
    before = os.lstat(folder / "note.txt")
    (folder / "note.txt").unlink()
    (folder / "note.txt").symlink_to(elsewhere)
    monkeypatch.setattr(sealing.os, "lstat", lambda path: before)
    with pytest.raises(InputError, match="is missing"):
        check_sealed(folder, "note.txt", hashlib.sha256(b"hello").hexdigest())


@pytest.mark.parametrize("name", ["a\0b", "a\nb"])
def test_names_that_no_file_has(folder, name):
    with pytest.raises(InputError, match="is missing") as caught:
        check_sealed(folder, name, "0" * 64)
    assert str(caught.value).isprintable()


def test_a_seal_without_a_list(folder):
    text = json.dumps({"sha256": "0" * 64})
    own = hashlib.sha256(text.encode()).hexdigest()
    (folder / "extra/state.json").write_text(text.replace("0" * 64, own))
    with pytest.raises(InputError, match="it lists no files"):
        read_seal(folder, "extra/state.json")


def test_what_could_not_be_read_again_is_not_written(tmp_path):
    with pytest.raises(OSError, match="larger than 64 MiB"):
        seal(tmp_path, "state.json", {"text": "x" * (64 * 2**20)})
    assert list(tmp_path.iterdir()) == []
