"""The tables and the tree of tests leave nothing out."""

from pathlib import Path

import keras
import pytest

import dnn_tf
from conformance import cases
from conformance.optimizer_cases import OPTIMIZERS
from dnn_tf import (
    activations,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
    schedules,
)

PACKAGE = Path(dnn_tf.__file__).parent
TESTS = Path(__file__).parents[1]

WITHOUT_ROW = {
    "confusion_matrix",  # of all predictions at once
    "Configured",  # these wrap others
    "deep_supervision",
    "main_output",
    "penalty",  # makes one of the others
    "derivative",  # lookups
    "get",
    "recommended",
    "serialize",
    *(f"{name}_derivative" for name in cases.ACTIVATIONS),  # in the row of their activation
    "softmax_jacobian",
}


def has_row(name, table):
    return any(row == name or row.startswith(f"{name},") for row in table)


@pytest.mark.parametrize(("room", "table"), [(layers, cases.LAYERS), (optimizers, OPTIMIZERS)])
def test_every_public_class_has_a_row(room, table):
    assert [name for name in room.__all__ if not has_row(name, table)] == [
        name for name in room.__all__ if name in WITHOUT_ROW
    ]


@pytest.mark.parametrize(
    ("room", "table"),
    [
        (activations, cases.ACTIVATIONS),
        (losses, cases.LOSSES),
        (metrics, cases.METRICS),
        (regularizers, cases.REGULARIZERS),
        (constraints, cases.CONSTRAINTS),
        (initializers, cases.INITIALIZERS),
        (schedules, cases.SCHEDULES),
    ],
)
def test_every_public_function_has_a_row(room, table):
    public = {
        name
        for name, value in vars(room).items()
        if callable(value)
        and value.__module__.startswith(room.__name__)
        and not name.startswith("_")
        and name not in WITHOUT_ROW
    }
    assert public == {row.split(",")[0] for row in table}


@pytest.mark.parametrize(
    "room",
    [
        activations,
        constraints,
        initializers,
        layers,
        losses,
        metrics,
        optimizers,
        regularizers,
        schedules,
    ],
)
def test_what_a_file_may_name_is_registered_with_keras(room):
    """A file holds functions and classes by their names: Keras must know them as ours."""
    name = room.__name__.split(".")[-1].upper()
    table = OPTIMIZERS if room is optimizers else getattr(cases, name)
    for name in {row.split(",")[0] for row in table}:
        registered = keras.saving.get_registered_name(getattr(room, name))
        assert registered == f"dnn_tf>{name}"


def test_every_activation_that_works_entry_by_entry_has_its_derivative():
    for row, case in cases.ACTIVATIONS.items():
        if "," not in row and row != "softmax":
            assert activations.derivative(row) is case.derivative
            assert getattr(activations, f"{row}_derivative") is case.derivative


def modules():
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE)
        doors = path.name == "__init__.py" and len(path.parts) == 2  # only collect names
        if not doors or path.parts[0] == "cli":
            yield path


@pytest.mark.parametrize("module", list(modules()), ids=str)
def test_every_module_has_a_test_at_the_mirrored_path(module):
    stem = {"__init__": "init", "__main__": "main"}.get(module.stem, module.stem)
    assert (TESTS / module.parent / f"test_{stem}.py").is_file()
