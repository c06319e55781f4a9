"""Every public name says what it is, and those of the mathematics show it."""

import importlib
import inspect
import pkgutil

import pytest

import dnn_tf

MATHEMATICS = (
    "activations",
    "backpropagation",
    "constraints",
    "gradients",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "schedules",
)


def own(value, room):
    return getattr(value, "__module__", "").startswith(room.__name__)


def public(room):
    """The names in `__all__`; of a room that is one file, what is defined there."""
    names = getattr(room, "__all__", None) or [
        name for name, value in vars(room).items() if not name.startswith("_") and own(value, room)
    ]
    for name in names:
        value = getattr(room, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            yield name, value


def rooms():
    return [value for name in dnn_tf.__all__ if inspect.ismodule(value := getattr(dnn_tf, name))]


ROOMS = [pytest.param(room, id=room.__name__) for room in rooms()]


def of_class(cls):
    """The public methods and properties that the class itself defines."""
    for name, value in vars(cls).items():
        function = getattr(value, "__func__", value)
        if not name.startswith("_") and (
            inspect.isfunction(function) or isinstance(value, property)
        ):
            yield name


@pytest.mark.parametrize("room", ROOMS)
def test_has_a_docstring_that_says_something(room):
    silent = [] if room.__doc__ and len(room.__doc__) > 10 else [room.__name__]
    for name, value in public(room):
        # a dataclass or a NamedTuple is given a signature for a docstring
        text = value.__doc__ or ""
        if len(text) < 4 or text.startswith(f"{value.__name__}("):
            silent.append(f"{room.__name__}.{name}")
        if inspect.isclass(value):
            silent += [
                f"{room.__name__}.{name}.{method}"
                for method in of_class(value)
                if not inspect.getdoc(getattr(value, method)) and not of_a_library(value, method)
            ]
    assert silent == []


def of_a_library(cls, method):
    """Whether it takes the place of one of Keras or scikit-learn, which says what it is."""
    return any(
        method in vars(base) for base in cls.__mro__ if not base.__module__.startswith("dnn_tf")
    )


@pytest.mark.parametrize("room", MATHEMATICS)
def test_has_an_example(room):
    room = getattr(dnn_tf, room)
    assert [name for name, value in public(room) if ">>>" not in (value.__doc__ or "")] == []


def test_every_module_begins_with_what_it_is():
    silent = []
    for module in pkgutil.walk_packages(dnn_tf.__path__, "dnn_tf."):
        if not module.name.endswith("__main__"):
            found = importlib.import_module(module.name)
            if not (found.__doc__ or "").strip():
                silent.append(module.name)
    assert silent == []
