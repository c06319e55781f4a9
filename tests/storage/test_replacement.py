"""A folder is replaced in one stroke, or not at all."""

import os
import subprocess
import sys

import pytest

from dnn_tf.storage import recover, replacement, replacing


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


def test_what_a_dead_process_left_is_removed_and_a_living_one_keeps_its_own(target):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    target.parent.mkdir(parents=True)
    left = {
        name: target.with_name(f".{name}.{replacement._HOST}.{process}.tmp")
        for name, process in {"dead": dead.pid, "alive": os.getppid(), "no process": "x"}.items()
    }
    left["other machine"] = target.with_name(f".target.elsewhere.{dead.pid}.tmp")
    for folder in left.values():
        folder.mkdir()
        (folder / "half").write_text("made")
    write(target, "new")
    assert {name for name, folder in left.items() if not folder.exists()} == {"dead"}
