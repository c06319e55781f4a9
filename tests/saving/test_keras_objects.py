"""The parts of Keras that a network file may name."""

import importlib

import keras
import pytest

from dnn_tf.saving.keras_objects import (
    CLASSES,
    COMPILED_WITH,
    FUNCTION_MODULES,
    FUNCTIONS,
    LEFT_OUT,
    PARTS,
    RUNS_CODE,
)


@pytest.mark.parametrize("module", CLASSES)
def test_they_are_classes_of_keras(module):
    room = importlib.import_module(module)
    have = {name for name in CLASSES[module] if isinstance(getattr(room, name, None), type)}
    assert len(have) > 0.8 * len(CLASSES[module])
    if keras.__version__ >= "3.15":
        assert have == CLASSES[module]


def test_nothing_that_runs_code_is_among_them():
    assert not (RUNS_CODE | LEFT_OUT).keys() & frozenset().union(*CLASSES.values())
    assert not LEFT_OUT.keys() & CLASSES.keys()
    assert not {"Layer", "Pipeline", "Function", "Variable"} & frozenset().union(*CLASSES.values())


def test_they_can_be_made_from_a_config():
    for module, names in CLASSES.items():
        room = importlib.import_module(module)
        for name in names & vars(room).keys():
            assert hasattr(getattr(room, name), "from_config"), name


def test_every_layer_of_keras_has_been_judged():
    """A new one is refused until it stands in a list: this says which were left out, and why."""
    left_out = {
        "GroupedQueryAttention",  # GroupQueryAttention, by the name that Keras does not write
        "Layer", "Wrapper", "InputSpec",  # for building others
        "ContrastLimitedAdaptiveHistogramEqualization", "Pipeline",  # pipelines of data
    }  # fmt: skip
    public = {value.__name__ for value in vars(keras.layers).values() if isinstance(value, type)}
    judged = CLASSES["keras.layers"] | RUNS_CODE.keys() | LEFT_OUT.keys()
    assert public - judged <= left_out


def test_what_a_network_is_compiled_with_stands_apart():
    common = {module for module in PARTS if PARTS[module] & COMPILED_WITH.get(module, set())}
    assert common == {"keras", "keras.dtype_policies"}
    assert PARTS["keras"] & COMPILED_WITH["keras"] == {"DTypePolicy", "FloatDTypePolicy"}
    assert PARTS.keys() | COMPILED_WITH.keys() == CLASSES.keys()


def test_the_functions_are_activations_losses_and_metrics():
    rooms = [keras.activations, keras.losses, keras.metrics]
    known = {
        name for room in rooms for name in dir(room) if not isinstance(getattr(room, name), type)
    }
    missing = FUNCTIONS - known
    assert not missing or keras.__version__ < "3.15"
    assert not {"get", "deserialize", "serialize", "eval"} & FUNCTIONS
    assert {"builtins", *(f"keras.{room}" for room in ("activations", "losses", "metrics"))} == (
        FUNCTION_MODULES
    )
