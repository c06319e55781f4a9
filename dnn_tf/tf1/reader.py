"""The variables of a checkpoint, every one read and checked."""

import math
from pathlib import Path

import numpy as np
import tensorflow as tf

from dnn_tf.tf1.files import find_checkpoint, is_v2, size_on_disk
from dnn_tf.types import InputError, first_line

Variables = dict[str, np.ndarray]
"""The value of each variable, by its name in the checkpoint."""

_OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"


def read_variables(path: str | Path) -> Variables:
    """All variables, so that damage is seen in those, too, that the network does not need.

    Args:
        path: see `files.find_checkpoint`.

    Raises:
        InputError: no such checkpoint; truncated or damaged; made by TensorFlow 2.
    """
    prefix = find_checkpoint(path)
    try:
        reader = tf.train.load_checkpoint(str(prefix))
        shapes = reader.get_variable_to_shape_map()
        _check_sizes(prefix, shapes)
        if _OBJECT_GRAPH in shapes:
            raise InputError(
                f"{prefix} is a checkpoint of TensorFlow 2 (objects, not named variables), and one "
                "of TF1's Saver was expected: restore it in the code that made it, then dnn_tf.save"
            )
        return {name: np.asarray(reader.get_tensor(name)) for name in sorted(shapes)}
    except InputError:
        raise
    except tf.errors.UnimplementedError as error:  # TensorFlow's reader of V1 files cannot
        raise InputError(
            f"{prefix} holds variables in slices, or is damaged ({first_line(error)}): save it "
            "again without a partitioner, or with write_version=tf.train.SaverDef.V2"
        ) from error
    except Exception as error:  # whatever a damaged file makes TensorFlow raise
        what = (
            "truncated or damaged" if is_v2(prefix) else "truncated, damaged or no TF1 checkpoint"
        )
        raise InputError(
            f"{prefix} is {what} ({first_line(error)}): copy all its files again from where it was "
            "made"
        ) from error


def _check_sizes(prefix: Path, shapes: dict[str, list[int]]) -> None:
    """A number takes a byte at least: what claims more is not even given the memory."""
    numbers = sum(math.prod(shape) for shape in shapes.values())
    size = size_on_disk(prefix)
    if numbers > size:
        raise InputError(
            f"{prefix} is truncated or damaged (it lists {numbers} numbers and has {size} bytes): "
            "copy all its files again from where it was made"
        )
