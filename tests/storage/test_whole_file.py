"""A file is replaced in one stroke, or not at all."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from dnn_tf.storage import replacing_file


def write(target, text):
    with replacing_file(target) as beside:
        beside.write_text(text)


def test_new_and_again(tmp_path):
    for text in ("one", "two"):
        write(tmp_path / "file", text)
        assert (tmp_path / "file").read_text() == text
        assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_a_failure_leaves_the_old_one(tmp_path, error):
    write(tmp_path / "file", "old")
    with pytest.raises(error), replacing_file(tmp_path / "file") as beside:
        beside.write_text("new")
        raise error
    assert (tmp_path / "file").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_threads_at_one_path(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write(tmp_path / "file", str(number)), range(80)))
    assert (tmp_path / "file").read_text() in map(str, range(80))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_all_is_on_the_disk_before_the_name_changes(tmp_path, events):
    for _ in ("new", "again"):
        events.clear()
        with replacing_file(tmp_path / "file") as beside:
            beside.write_text("text")
            inode = beside.stat().st_ino
        assert events == [inode, "rename", tmp_path.stat().st_ino]
