"""A task on the disk."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from dnn_tf.data import Dataset
from dnn_tf.runs import Settings
from dnn_tf.tuning.job import read_job, remove_job, written_job
from dnn_tf.tuning.task import Task


def make(classes, space):
    return Task(classes, space, "val_loss", 9, 2, 3, 4)


def test_comes_back_with_its_arrays_mapped(classes, tmp_path):
    width = 7

    with written_job(make(classes, lambda hp: Settings(hidden=(width,))), tmp_path):
        task = read_job(tmp_path)
        assert task.space(None).hidden == (7,)
        assert (task.objective, task.epochs, task.patience, task.folds, task.seed) == (
            "val_loss", 9, 2, 3, 4,
        )  # fmt: skip
        assert isinstance(task.data, Dataset)
        assert task.data.class_names == classes.class_names
        for name, split in classes.splits().items():
            found = task.data.splits()[name]
            assert np.array_equal(found.x, split.x)
            assert np.array_equal(found.y, split.y)
            assert isinstance(found.x.base, np.memmap)
    assert not list(tmp_path.iterdir())


def test_layers_compute_there_as_here(classes, tmp_path):
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy("mixed_bfloat16")
        with written_job(make(classes, len), tmp_path):
            keras.config.set_dtype_policy("float32")
            read_job(tmp_path)
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy(before)


def test_what_a_kill_left_is_removed(tmp_path):
    remove_job(tmp_path)  # nothing is there
    (tmp_path / "job").mkdir()
    (tmp_path / "job" / "left-x.npy").write_text("")
    remove_job(tmp_path)
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_after_an_error(classes, tmp_path):
    with pytest.raises(KeyboardInterrupt), written_job(make(classes, len), tmp_path):
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_a_function_of_a_script_comes_along(tmp_path):
    """Which pickle would look for in the script that reads it."""
    script = """
import os, pathlib, sys, numpy
from dnn_tf.data import Dataset, Split
from dnn_tf.tuning.job import written_job
from dnn_tf.tuning.task import Task
rows = Split(numpy.eye(2), numpy.arange(2))
def space(hp):
    return "of the script"
with written_job(Task(Dataset(rows), space, "val_loss", 1, 1, None, 0), pathlib.Path(sys.argv[1])):
    os._exit(0)
"""
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
    assert read_job(tmp_path).space(None) == "of the script"
