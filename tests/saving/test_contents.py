"""The files of an artefact."""

import os
from pathlib import Path

import pytest

from dnn_tf.saving.archive import LARGEST
from dnn_tf.saving.contents import as_path, check_contents, foreign
from dnn_tf.types import InputError

FILES = [
    "assets.extra/card.json",
    "assets.extra/model.keras",
    "fingerprint.pb",
    "saved_model.pb",
    "variables/variables.data-00000-of-00001",
    "variables/variables.index",
]
LISTED = dict.fromkeys(FILES[1:], "0" * 64)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "assets").mkdir()
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


def test_what_save_writes(folder):
    assert foreign(folder) is None
    check_contents(folder, LISTED)


@pytest.mark.parametrize(
    "name",
    [
        "saved_model.cpb", "saved_model.pbtxt", "assets/words.txt", "assets.extra/more",
        ".git/x", "variables/variables.data-0-of-1", "variables/x", "xsaved_model.pb",
        "saved_model.pbx",
        "assets.extra/card.json\n", "new/saved_model.pb", "variables/assets/x",
    ],
)  # fmt: skip
def test_nothing_beside_it(folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")
    found = foreign(folder)
    assert found is not None
    assert name.startswith(found)
    with pytest.raises(InputError, match=r"which dnn_tf\.save does not write there"):
        check_contents(folder, LISTED | {name: "0" * 64})


@pytest.mark.parametrize("name", ["mine", "assets/mine", "variables/assets"])
def test_no_folder_beside_it(folder, name):
    (folder / name).mkdir()
    assert foreign(folder) == name


@pytest.mark.parametrize("name", FILES)
def test_no_link_and_no_pipe_in_the_place_of_a_file(folder, name):
    (folder / name).rename(folder.parent / "moved")
    (folder / name).symlink_to(folder.parent / "moved")
    assert foreign(folder) == name
    (folder / name).unlink()
    os.mkfifo(folder / name)
    assert foreign(folder) == name


@pytest.mark.parametrize("name", ["assets", "variables", "assets.extra"])
def test_no_link_in_the_place_of_a_folder(folder, name):
    moved = (folder / name).rename(folder.parent / f"{folder.name}_{name}")
    (folder / name).symlink_to(moved)
    assert foreign(folder) == name


def test_every_file_is_listed(folder):
    fewer = {name: LISTED[name] for name in LISTED if name != "fingerprint.pb"}
    with pytest.raises(InputError, match=r"fingerprint\.pb, which its card does not list"):
        check_contents(folder, fewer)


@pytest.mark.parametrize("name", FILES[1:])
def test_every_listed_file_is_there(folder, name):
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"is damaged: '{name}' is missing"):
        check_contents(folder, LISTED)


@pytest.mark.parametrize("name", ["saved_model.pb", "assets.extra/model.keras"])
def test_no_artefact_is_without_its_network(folder, name):
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"'{name}' is missing"):
        check_contents(folder, {other: LISTED[other] for other in LISTED if other != name})


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "a\nb", "variables/\0"])
def test_a_list_that_leaves_the_folder(folder, name):
    with pytest.raises(InputError, match="is missing") as caught:
        check_contents(folder, LISTED | {name: "0" * 64})
    assert str(caught.value).isprintable()


def test_no_file_without_end(folder):
    with (folder / "variables/variables.index").open("wb") as stream:
        stream.truncate(LARGEST + 1)  # a sparse file
    with pytest.raises(InputError, match="larger than 4 GiB"):
        check_contents(folder, LISTED)


def test_a_folder_that_cannot_be_looked_into_is_not_taken_for_an_empty_one(folder, monkeypatch):
    real = os.scandir

    def scandir(path):
        if str(path).endswith("variables"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(PermissionError):
        foreign(folder)


@pytest.mark.parametrize("given", ["a", Path("a")])
def test_a_path(given):
    assert as_path(given) == Path("a")


@pytest.mark.parametrize("given", ["a\0b", 3, None, b"a"])
def test_no_path(given):
    with pytest.raises(InputError, match="the path of a file or folder was expected|a zero byte"):
        as_path(given)
