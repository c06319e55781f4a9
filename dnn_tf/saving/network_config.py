"""The `config.json` of a Keras file: which objects it would make, judged before any is made."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import keras

from dnn_tf.saving.keras_objects import (
    CLASSES,
    COMPILED_WITH,
    FUNCTION_MODULES,
    FUNCTIONS,
    LEFT_OUT,
    PARTS,
    RUNS_CODE,
)
from dnn_tf.saving.network_size import check_size
from dnn_tf.types import InputError

Classes: TypeAlias = Mapping[str, frozenset[str]]

_DEEPEST = 128
_NUMBERS = frozenset(
    {"bool", "float16", "bfloat16", "float32", "float64"}
    | {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
)
_REPAIR = (
    "only networks all of whose parts are known are loaded: build it of Keras' own layers, or "
    "import the class that you registered with Keras first"
)


def check_config(text: bytes, where: str) -> bool:
    """Whether every object in the text is one that only computes, or is registered here.

    Known are the parts of Keras in `keras_objects`, each in its place: what a network is built of,
    or what it is compiled with; and everywhere what this process has registered with
    `keras.saving.register_keras_serializable`. Nothing is imported, made or run to find out. What
    the making would cost is bounded as `network_size` says.

    Returns:
        Whether the network can be compiled too. A loss or metric that is merely unknown, or is
        none, costs only that; one that would run code is refused as anywhere. A network inside the
        network must be known with all that it was compiled with: Keras would compile it at once.

    Raises:
        InputError: an object that is not known; a network of too many parts; no network.
    """
    try:
        network = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{where}: its config.json is no JSON text: the file is damaged"
        ) from error
    if not isinstance(network, dict) or "class_name" not in network:
        raise InputError(f"{where}: its config.json describes no network: the file is damaged")
    for part, _ in _objects(network, where):
        if complaint := _danger(part):
            raise InputError(f"{where}: {complaint}; {_REPAIR}")
    check_size(network, where)
    compiled_with = network.pop("compile_config", None)
    for part, known in _objects(network, where):
        if "class_name" in part and not _is_known(part, known):
            raise InputError(f"{where}: {_shown(part)} {_problem(part)}; {_REPAIR}")
    return all(
        _is_known(part, known)
        for part, known in _objects({"compile_config": compiled_with}, where)
        if "class_name" in part
    )


def _objects(value: Any, where: str) -> Iterator[tuple[dict[str, Any], Classes]]:
    """Every JSON object in a value, itself too, and the classes of Keras that may stand there."""
    left = [(value, PARTS, 0)]
    while left:
        part, known, depth = left.pop()
        if depth > _DEEPEST:
            raise InputError(
                f"{where}: its config.json is nested deeper than {_DEEPEST} levels, which no "
                "network needs: the file is damaged"
            )
        if isinstance(part, dict):
            yield part, known
            for word, inner in part.items():
                room = COMPILED_WITH if word == "compile_config" else known
                left.append((inner, room, depth + 1))
        if isinstance(part, list):
            left += [(inner, known, depth + 1) for inner in part]


def _danger(part: dict[str, Any]) -> str | None:
    """What an object would do that no part of a network has to."""
    if "safe_mode" in part:
        return "its config.json speaks of safe_mode, which no network has to"
    name, module = part.get("class_name"), part.get("module")
    if not isinstance(name, str) or _is_registered(part):
        return None
    if name in RUNS_CODE:
        return f"{name} {RUNS_CODE[name]}, and is refused"
    if name.startswith("__") and name not in _HARMLESS:
        return f"{name!r:.80} is no value that a network needs, and is refused"
    package = str(module).split(".")[0]
    if package in sys.stdlib_module_names and package not in ("builtins", "__main__"):
        return f"{_shown(part)} belongs to Python itself, and is refused"
    return None


def _is_known(part: dict[str, Any], known: Classes) -> bool:
    """Whether Keras can be given the object, in a place where these classes may stand."""
    name, module, config = part["class_name"], part.get("module"), part.get("config")
    if not isinstance(name, str) or not isinstance(module, str | None):
        return False
    if name in _HARMLESS:
        return _HARMLESS[name](config)
    if name == "function":
        return isinstance(config, str) and (
            keras.saving.get_registered_object(config) is not None
            or (module in FUNCTION_MODULES and config in FUNCTIONS)
        )
    if "module" not in part or not isinstance(config, dict | None):
        return False  # an old form, which Keras reads by other rules
    return _is_registered(part) or name in known.get(module or "", ())


def _is_registered(part: dict[str, Any]) -> bool:
    """A class, by the name under which Keras would look it up."""
    kind = part["class_name"]
    if kind == "function" or kind.startswith("__"):  # these Keras makes in ways of their own
        return False
    name = part.get("registered_name", kind)
    return isinstance(name, str) and keras.saving.get_registered_object(name) is not None


def _is_object(config: Any) -> bool:
    return isinstance(config, dict)


def _are_numbers(config: Any) -> bool:
    return isinstance(config, dict) and str(config.get("dtype")) in _NUMBERS


_HARMLESS: dict[str, Callable[[Any], bool]] = {
    "__keras_tensor__": _is_object,
    "__tensor__": _are_numbers,
    "__numpy__": _are_numbers,
    "__bytes__": _is_object,
    "__ellipsis__": _is_object,
    "__slice__": _is_object,
}
"""What Keras writes for values that are no objects of its own."""


def _problem(part: dict[str, Any]) -> str:
    """Why an object is not known."""
    name, module = str(part["class_name"]), str(part.get("module"))
    if reason := LEFT_OUT.get(name) or LEFT_OUT.get(module):
        return reason
    if _is_known(part, CLASSES):
        return "stands where Keras writes none such"
    return "is not registered with Keras in this process"


def _shown(part: dict[str, Any]) -> str:
    """An object by the words of the file, short and in one line."""
    name = part.get("class_name")
    if name == "function":
        return f"the function {part.get('config')!r:.80}"
    return f"{name!r:.80} of {part.get('module')!r:.80}"
