"""A task on the disk, for the processes of the workers."""

import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cloudpickle
import keras
import numpy as np

from dnn_tf.data import Dataset, Split
from dnn_tf.tuning.task import Task

_JOB, _TASK = "job", "task.pkl"


@contextmanager
def written_job(task: Task, directory: Path) -> Iterator[None]:
    """A task in the folder of its search, as long as the block runs.

    The function of the space goes by value where it stands in a script or a notebook. The arrays
    are written as they are: all workers map the same pages.
    """
    folder = directory / _JOB
    folder.mkdir()
    try:
        data = task.data
        for name, split in data.splits().items():
            for letter in ("x", "y"):
                np.save(folder / f"{name}-{letter}.npy", getattr(split, letter))
        of_data = {name: value for name, value in vars(data).items() if name not in data.splits()}
        of_task = {name: value for name, value in vars(task).items() if name != "data"}
        with (folder / _TASK).open("wb") as file:
            cloudpickle.dump((of_task, of_data, _precision()), file)
        yield
    finally:
        remove_job(directory)


def remove_job(directory: Path) -> None:
    """What a kill left."""
    shutil.rmtree(directory / _JOB, ignore_errors=True)


def _precision() -> tuple[str, str]:
    """What layers compute in, where they are not told."""
    return keras.config.floatx(), keras.config.dtype_policy().name


def read_job(directory: Path) -> Task:
    """What `written_job` wrote, its arrays mapped into memory; layers compute as they did there."""
    folder = directory / _JOB
    with (folder / _TASK).open("rb") as file:
        of_task, of_data, (floatx, policy) = pickle.load(file)
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy)
    for path in folder.glob("*-x.npy"):
        name = path.stem.removesuffix("-x")
        arrays = (np.load(folder / f"{name}-{letter}.npy", mmap_mode="r") for letter in ("x", "y"))
        of_data[name] = Split(*arrays)
    return Task(data=Dataset(**of_data), **of_task)
