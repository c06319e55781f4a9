"""Where an export may go."""

import pytest

import dnn_tf
from dnn_tf.exporting.destination import check_file, check_folder
from dnn_tf.types import InputError


def test_a_file(tmp_path):
    path = tmp_path / "m.onnx"
    assert check_file(str(path), ".onnx") == path
    path.write_text("old")
    (tmp_path / "link.onnx").symlink_to(path)
    assert check_file(tmp_path / "link.onnx", ".onnx") == path
    with pytest.raises(InputError, match=r"v1\.2 does not end in \.onnx: name it v1\.onnx"):
        check_file(tmp_path / "v1.2", ".onnx")
    (tmp_path / "folder.onnx").mkdir()
    with pytest.raises(InputError, match=r"folder\.onnx is no file, and a file"):
        check_file(tmp_path / "folder.onnx", ".onnx")


def test_a_folder(tmp_path, small_model):
    assert check_folder(tmp_path / "new") == tmp_path / "new"
    with pytest.raises(InputError, match=r"its assets\.extra would be lost: name another folder"):
        check_folder(dnn_tf.save(small_model, tmp_path / "saved"))
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "thesis.txt").write_text("years")
    with pytest.raises(InputError, match=r"holds something else .* \(thesis\.txt\)"):
        check_folder(tmp_path / "new")


def test_nowhere_to_write(tmp_path, monkeypatch):
    target = tmp_path / "deep" / "m.onnx"
    target.parent.write_text("a file")
    with pytest.raises(InputError, match=r"m\.onnx cannot be written \("):
        check_file(target, ".onnx")

    def forbidden(*_):
        raise PermissionError(13, "Permission denied")

    target.parent.unlink()
    monkeypatch.setattr("pathlib.Path.touch", forbidden)  # for root may write everywhere
    with pytest.raises(InputError, match=r"m\.onnx cannot be written \(Permission denied\): name"):
        check_file(target, ".onnx")
