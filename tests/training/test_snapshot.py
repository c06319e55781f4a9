"""A training at a moment between two steps."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.training.phase import Taken
from dnn_tf.training.snapshot import Position, Snapshot, copies
from dnn_tf.types import InputError

ORDER = np.random.default_rng(0).bit_generator.state


def test_comes_back_through_json_and_arrays():
    position = Position(3, ORDER, Taken(5, 50, np.array([0.1, np.nan])), 2.5)
    one = Snapshot(
        position, [np.eye(2), np.uint32([1, 2])], [("A", {"best": None})], {"a": 1}, True
    )
    packed, arrays = one.pack()
    other = Snapshot.unpack(json.loads(json.dumps(packed)), arrays)
    assert repr(other) == repr(one)
    generator = np.random.default_rng()
    generator.bit_generator.state = other.position.order
    assert generator.integers(10**9) == np.random.default_rng(0).integers(10**9)


def test_epochs_count_when_they_have_begun():
    assert Position(3, ORDER).epochs == 3
    assert Position(3, ORDER, Taken(1, 10)).epochs == 4
    assert str(Position(3, ORDER, Taken(1, 10))) == "epoch 3, step 1"


def test_a_copy_is_not_touched_by_what_becomes_of_the_variable():
    variable = keras.Variable(np.zeros(3, "float32"))
    (copy,) = copies([variable])
    variable.assign([1, 2, 3])
    variable.value.assign_add([1.0, 1.0, 1.0])
    np.testing.assert_array_equal(copy, np.zeros(3))


def test_half_precision_comes_back(tmp_path):
    """NumPy's files know bfloat16 only as two bytes."""
    variable = keras.Variable(tf.constant([0.5, 1.5], "bfloat16"), dtype="bfloat16")
    snapshot = Snapshot(Position(0, ORDER), copies([variable]), [], {}, False)
    packed, arrays = snapshot.pack()
    np.savez(tmp_path / "a.npz", **arrays)
    variable.assign([0, 0])
    with np.load(tmp_path / "a.npz") as archive:
        Snapshot.unpack(packed, dict(archive)).put_back([variable])
    assert keras.ops.convert_to_numpy(variable).tolist() == [0.5, 1.5]


def test_other_variables_are_left_as_they_are():
    variables = [keras.Variable(np.zeros(shape, "float32")) for shape in (2, 3)]
    for values in ([np.ones(2)], [np.ones(2), np.ones(4)]):
        with pytest.raises(InputError, match="keeps . variables.*here are 2, or of other shapes"):
            Snapshot(Position(0, ORDER), values, [], {}, False).put_back(variables)
    assert not variables[0].numpy().any()
