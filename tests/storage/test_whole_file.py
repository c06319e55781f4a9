"""A file is replaced in one stroke, or not at all."""

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
