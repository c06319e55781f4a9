"""What a run needs of data and folders."""

from contextlib import nullcontext

import numpy as np
import pytest

from dnn_tf.data import Dataset, Split
from dnn_tf.runs.door import check_apart, check_data, check_places
from dnn_tf.types import InputError


def split(*shape):
    return Split(np.zeros((4, *shape), "float32"), np.array([0, 1, 0, 1]))


def test_sound_data(blobs):
    check_data(blobs)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (Dataset(split(3), class_names=("a", "b")), "the data has no test and no validation split"),
        (Dataset(split(3), split(3), split(3)), "two classes or more, and the data names"),
        (Dataset(*[split(2, 3)] * 3, class_names=("a", "b")), "load the data with flat=True"),
    ],
)  # fmt: skip
def test_data_that_lacks_something(data, message):
    with pytest.raises(InputError, match=message):
        check_data(data)


def test_a_run_folder_in_the_model(tmp_path):
    with pytest.raises(InputError, match="is in the folder of the saved model"):
        check_places(tmp_path / "m", tmp_path / "m" / "run")


def test_a_run_folder_that_is_not_empty(tmp_path):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "mine").touch()
    with pytest.raises(InputError, match="name a new folder"):
        check_places(tmp_path / "m", tmp_path / "r")
    check_places(tmp_path / "m", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("place", "given", "apart"),
    [
        ("a", "a", False), ("a/b", "a", False), ("a", "a/b", False), ("ab", "a", True),
        ("a/c", "a/b", True), ("new", "mnist", True),
    ],
)  # fmt: skip
def test_what_is_written_and_what_is_kept_lie_apart(tmp_path, place, given, apart):
    if given != "mnist":  # a name, and no path that is there
        (tmp_path / given).mkdir(parents=True)
    with nullcontext() if apart else pytest.raises(InputError, match="are one in the other"):
        check_apart({"the new one": tmp_path / place}, {"the old one": tmp_path / given})
