"""A folder is replaced in one stroke, or not at all."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dnn_tf.storage import recover, replacement, replacing, replacing_file


@pytest.fixture(params=["exchange", "two renames"])
def target(request, tmp_path, monkeypatch):
    if request.param == "two renames":
        monkeypatch.setattr(replacement, "_exchange", lambda one, other: False)
    return tmp_path / "deep" / "target"


def write(target, text):
    with replacing(target) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "file").write_text(text)


def content(target):
    return (target / "sub" / "file").read_text()


def test_new_and_again(target):
    for text in ("one", "two", "three"):
        write(target, text)
        assert content(target) == text
        assert [path.name for path in target.parent.iterdir()] == ["target"]


def test_a_failure_leaves_the_old_one(target):
    write(target, "old")
    with pytest.raises(OSError, match="disk full"), replacing(target) as folder:
        (folder / "half").write_text("new")
        raise OSError("disk full")
    assert content(target) == "old"
    assert [path.name for path in target.parent.iterdir()] == ["target"]


def test_a_kill_between_two_renames_is_mended(target):
    write(target, "old")
    target.rename(replacement._previous(target))
    recover(target)
    assert content(target) == "old"


def test_nothing_to_recover(target):
    recover(target)
    assert not target.exists()
    write(target, "new")
    recover(target)
    assert content(target) == "new"


@pytest.mark.parametrize("failing", ["the old one goes", "the new one comes"])
def test_a_rename_that_fails_leaves_the_old_one(target, monkeypatch, failing):
    write(target, "old")
    rename = Path.rename

    def picky(one, other):
        if one == target if failing == "the old one goes" else one.suffix == ".tmp":
            raise PermissionError(13, "Permission denied")
        return rename(one, other)

    monkeypatch.setattr(replacement, "_exchange", lambda one, other: False)
    monkeypatch.setattr(Path, "rename", picky)
    with pytest.raises(PermissionError):
        write(target, "new")
    assert content(target) == "old"
    assert [path.name for path in target.parent.iterdir()] == ["target"]


def test_a_previous_one_does_not_come_back(target):
    """What a kill left after the new one had come: with it there, and with it gone."""
    for text in ("one", "two"):
        left = replacement._previous(target)
        (left / "sub").mkdir(parents=True)
        (left / "sub" / "file").write_text("before")
        write(target, text)
        shutil.rmtree(target)
        recover(target)
        assert not target.exists()


def test_a_failure_removes_no_previous_one_that_is_all_there_is(target):
    write(target, "old")
    target.rename(replacement._previous(target))
    with pytest.raises(OSError, match="disk full"), replacing(target):
        raise OSError("disk full")
    recover(target)
    assert content(target) == "old"


def test_a_previous_one_that_cannot_be_removed_is_no_failure(target, monkeypatch):
    write(target, "old")
    removed, rmtree = [], shutil.rmtree

    def refused(path, ignore_errors=False):
        if path != replacement._previous(target):
            rmtree(path, ignore_errors)
            return
        removed.append(path)
        if not ignore_errors:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refused)
    write(target, "new")
    assert content(target) == "new"
    assert removed


def test_threads_at_one_path(target):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write(target, str(number)), range(80)))
    assert content(target) in map(str, range(80))
    assert [path.name for path in target.parent.iterdir()] == ["target"]


def test_all_is_on_the_disk_before_the_names_change(target, events):
    for _ in ("new", "again"):
        events.clear()
        with replacing(target) as folder:
            (folder / "sub").mkdir()
            for file in (folder / "top", folder / "sub" / "file"):
                file.write_text("text")
            inside = {path.stat().st_ino for path in (folder, *folder.rglob("*"))}
        before, after = events[: events.index("rename")], events[events.index("rename") :]
        assert len(inside) == 4
        assert set(before) == inside
        assert [event for event in after if event != "rename"] == [target.parent.stat().st_ino]
        assert after[-1] != "rename"


def test_what_a_dead_process_left_is_removed_and_a_living_one_keeps_its_own(target):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    target.parent.mkdir(parents=True)
    own, run = os.getpid(), replacement._RUN
    owners = {
        "dead": dead.pid,
        "dead, at a call": f"{dead.pid}-{run}-0",
        "dead, of the same number": f"{own}-{run[::-1]}x-0",
        "alive": os.getppid(),
        "alive, at a call": f"{os.getppid()}-abcdef-0",
        "itself": f"{own}-{run}-0",
        "no process": "x",
        "no number of a process": "9" * 20,
    }
    left = {
        name: target.with_name(f".{name}.{replacement._HOST}.{owner}.tmp")
        for name, owner in owners.items()
    }
    left["other machine"] = target.with_name(f".target.elsewhere.{dead.pid}.tmp")
    for folder in left.values():
        folder.mkdir()
        (folder / "half").write_text("made")
    left["dead, a file"] = target.with_name(f".file.{replacement._HOST}.{dead.pid}.tmp")
    left["dead, a file"].write_text("half")
    write(target, "new")
    removed = {name for name, path in left.items() if not path.exists()}
    assert removed == {name for name in left if name.startswith("dead")}


def test_what_another_user_left_stops_nobody(target, monkeypatch):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    target.parent.mkdir(parents=True)
    left = [target.with_name(f".{n}.{replacement._HOST}.{dead.pid}.tmp") for n in ("dir", "file")]
    left[0].mkdir()
    left[1].write_text("half")

    def forbid(owner, name):  # for root may remove anything
        remove = getattr(owner, name)

        def forbidden(path, **kwargs):
            if Path(path).name in {entry.name for entry in left}:
                raise PermissionError(1, "Operation not permitted")
            return remove(path, **kwargs)

        monkeypatch.setattr(owner, name, forbidden)

    forbid(os, "rmdir")
    forbid(Path, "unlink")
    write(target, "new")
    with replacing_file(target.with_name("other")) as beside:
        beside.write_text("new")
    assert content(target) == "new"
    assert all(path.exists() for path in left)
