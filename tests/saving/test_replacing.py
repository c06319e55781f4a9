"""A folder is replaced in one stroke, or not at all."""

import pytest

from dnn_tf.saving import replacing as module
from dnn_tf.saving.replacing import recover, replacing


@pytest.fixture(params=["exchange", "two renames"])
def target(request, tmp_path, monkeypatch):
    if request.param == "two renames":
        monkeypatch.setattr(module, "_exchange", lambda one, other: False)
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
    target.rename(module._previous(target))
    recover(target)
    assert content(target) == "old"


def test_nothing_to_recover(target):
    recover(target)
    assert not target.exists()
    write(target, "new")
    recover(target)
    assert content(target) == "new"
