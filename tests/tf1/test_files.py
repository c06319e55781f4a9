"""Which files a checkpoint consists of."""

import shutil

import pytest
import tensorflow as tf

from dnn_tf.tf1.files import find_checkpoint, size_on_disk
from dnn_tf.types import InputError

V1 = tf.compat.v1.train.SaverDef.V1


@pytest.mark.parametrize("ending", ["", ".index", ".meta", ".data-00000-of-00001"])
def test_every_file_of_a_checkpoint_names_it(small, ending):
    assert find_checkpoint(f"{small}{ending}") == small


def test_the_folder_and_its_state_file_name_the_latest(small):
    assert find_checkpoint(small.parent) == small
    assert find_checkpoint(small.parent / "checkpoint") == small


@pytest.mark.parametrize("ending", ["", ".meta"])
def test_the_v1_format_is_one_file(write, ending):
    path = write({"kernel": (4, 3)}, version=V1)
    assert find_checkpoint(f"{path}{ending}") == find_checkpoint(path.parent) == path
    assert size_on_disk(path) == path.stat().st_size


def test_the_state_file_of_a_folder_that_was_moved_names_the_checkpoint_in_it(small, tmp_path):
    moved = tmp_path / "new place [1]"
    shutil.copytree(small.parent, moved, ignore=shutil.ignore_patterns("new*"))
    small.with_name(f"{small.name}.index").unlink()
    assert find_checkpoint(moved) == moved / small.name


def test_a_folder_without_state_file_may_hold_one_checkpoint(small, write):
    (small.parent / "checkpoint").unlink()
    assert find_checkpoint(small.parent) == small
    write({"kernel": (4, 3)}, name="other.ckpt")
    (small.parent / "checkpoint").unlink()
    with pytest.raises(InputError, match="2 .index files.*name one of my_model_final.ckpt, other"):
        find_checkpoint(small.parent)


def test_the_folder_of_a_tf1_saved_model(tmp_path):
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, (None, 4))
        z = tf.matmul(x, v1.get_variable("outputs/kernel", (4, 2)))
        session.run(v1.global_variables_initializer())
        v1.saved_model.simple_save(session, str(tmp_path / "served"), {"x": x}, {"z": z})
    folder = tmp_path / "served"
    assert find_checkpoint(folder) == folder / "variables" / "variables"


def test_what_is_not_there_is_named(small, tmp_path):
    with pytest.raises(InputError, match=r"none.ckpt: no such checkpoint; the name that .* was"):
        find_checkpoint(tmp_path / "none.ckpt")
    with pytest.raises(InputError, match="no such checkpoint"):
        find_checkpoint(tmp_path / "no" / "folder" / "none.ckpt")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no state file 'checkpoint' and 0 \.index files"):
        find_checkpoint(tmp_path / "empty")


def test_a_missing_part_is_named(small):
    data = small.with_name(f"{small.name}.data-00000-of-00001")
    data.rename(data.with_name(f"{small.name}.data-00000-of-00002"))
    with pytest.raises(InputError, match=r"has 1 of 2 \.data files"):
        find_checkpoint(small)
    small.with_name(f"{small.name}.index").rename(small.with_name("kept"))
    with pytest.raises(InputError, match=r"final.ckpt.index is missing"):
        find_checkpoint(small)
    small.with_name("kept").rename(small.with_name(f"{small.name}.index"))
    data.with_name(f"{small.name}.data-00000-of-00002").unlink()
    with pytest.raises(InputError, match=r"final.ckpt.data-00000-of-00001 is missing"):
        find_checkpoint(small)


@pytest.mark.parametrize("text", ["", "not a state file", "model_checkpoint_path: 3"])
def test_a_state_file_that_names_nothing(small, text):
    (small.parent / "checkpoint").write_text(text)
    with pytest.raises(InputError, match="name the checkpoint itself"):
        find_checkpoint(small.parent)
