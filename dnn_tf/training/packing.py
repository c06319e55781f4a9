"""Plain values as JSON and arrays, so that a file can hold them without pickling anything."""

from typing import Any, TypeAlias

import numpy as np

Arrays: TypeAlias = dict[str, Any]
"""NumPy arrays by name."""

_ARRAY, _SCALAR, _FLOATS = "__array__", "__scalar__", "__floats__"
_TUPLE, _SET, _DICT = "__tuple__", "__set__", "__dict__"
_MANY = 100
"""From so many numbers on, a list of them is shorter as an array."""


def is_plain(value: Any) -> bool:
    """Whether `pack` can take it.

    That is None, truth values, numbers, text, arrays, and tuples, lists, sets and dicts of these.
    """
    if isinstance(value, tuple | list | set):
        return type(value) in (tuple, list, set) and all(map(is_plain, value))
    if isinstance(value, dict):
        return type(value) is dict and all(map(is_plain, (*value.keys(), *value.values())))
    if isinstance(value, np.ndarray | np.generic):
        return not value.dtype.hasobject
    if type(value) is str:
        return value.encode(errors="replace").decode() == value  # no half of a character
    return value is None or type(value) in (bool, int, float)


def pack(value: Any, arrays: Arrays) -> Any:
    """What JSON can hold of a plain value; its arrays are put into `arrays`, under new names.

    >>> arrays = {}
    >>> pack({"best": 0.1, "shape": (2, 3), "w": np.zeros(3)}, arrays)
    {'best': 0.1, 'shape': {'__tuple__': [2, 3]}, 'w': {'__array__': '0'}}
    >>> list(arrays)
    ['0']
    """
    if isinstance(value, np.ndarray | np.generic):
        name = str(len(arrays))
        arrays[name] = np.asarray(value)
        return {_ARRAY if isinstance(value, np.ndarray) else _SCALAR: name}
    if isinstance(value, tuple | set):
        kind = _TUPLE if isinstance(value, tuple) else _SET
        return {kind: [pack(item, arrays) for item in value]}
    if isinstance(value, list):
        if len(value) >= _MANY and all(type(item) is float for item in value):
            return {_FLOATS: pack(np.array(value), arrays)[_ARRAY]}
        return [pack(item, arrays) for item in value]
    if isinstance(value, dict):
        if all(isinstance(key, str) and not key.startswith("__") for key in value):
            return {key: pack(item, arrays) for key, item in value.items()}
        return {_DICT: [[pack(key, arrays), pack(item, arrays)] for key, item in value.items()]}
    return value


def unpack(packed: Any, arrays: Arrays) -> Any:
    """The value that was packed."""
    if isinstance(packed, list):
        return [unpack(item, arrays) for item in packed]
    if not isinstance(packed, dict):
        return packed
    kind = next(iter(packed), None)
    if kind == _ARRAY:
        return arrays[packed[_ARRAY]]
    if kind == _SCALAR:
        return arrays[packed[_SCALAR]][()]
    if kind == _FLOATS:
        return arrays[packed[_FLOATS]].tolist()
    if kind == _TUPLE:
        return tuple(unpack(packed[_TUPLE], arrays))
    if kind == _SET:
        return set(unpack(packed[_SET], arrays))
    if kind == _DICT:
        return {unpack(key, arrays): unpack(item, arrays) for key, item in packed[_DICT]}
    return {key: unpack(item, arrays) for key, item in packed.items()}
