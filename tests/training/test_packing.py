"""Plain values as JSON and arrays."""

import collections
import json

import numpy as np
import pytest

from dnn_tf.training.packing import is_plain, pack, unpack


def same(one, other):
    if isinstance(one, np.ndarray | np.generic):
        return (type(one), one.dtype, one.tobytes()) == (type(other), other.dtype, other.tobytes())
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and repr(one) == repr(other)


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 2**127 + 1, 0.1, float("inf"), float("nan"), "drei", [], {}, (), set(),
        (1, (2.5, "a")), {1, 2}, {"a": [1, {"b": (None,)}]}, {3: "int key", (1, 2): 4},
        {"__array__": "0"}, {"__tuple__": [1]}, np.float32(0.1), np.int64(7), np.zeros((0, 3)),
        np.arange(6, dtype="uint32").reshape(2, 3), [np.ones(2), np.float64("nan")],
        np.array(["text"]), [0.5, float("nan")] * 99, [1, 2] * 99,
        np.random.default_rng(1).bit_generator.state,
    ],
    ids=repr,
)  # fmt: skip
def test_comes_back_as_it_was(value):
    assert is_plain(value)
    arrays = {}
    packed = json.loads(json.dumps(pack(value, arrays)))
    assert same(unpack(packed, arrays), value)


def test_several_values_share_the_arrays():
    arrays = {}
    packed = [pack(np.full(2, i), arrays) for i in range(3)]
    assert [unpack(each, arrays)[0] for each in packed] == [0, 1, 2]


@pytest.mark.parametrize(
    "value",
    [
        object(), print, b"bytes", "half \ud800", np.array([object()]), [object()], {"a": object()},
        collections.OrderedDict(), collections.deque([1]), collections.namedtuple("P", "x")(1),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_json_could_not_give_back_as_it_was(value):
    assert not is_plain(value)
