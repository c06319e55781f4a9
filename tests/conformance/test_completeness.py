"""The tables and the tree of tests leave nothing out."""

import inspect
from pathlib import Path

import pytest

import dnn_tf
from conformance import cases
from dnn_tf import layers, losses, metrics, optimizers

PACKAGE = Path(dnn_tf.__file__).parent
TESTS = Path(__file__).parents[1]

NOT_FOR_BATCHES = {"confusion_matrix"}


def has_row(name, table):
    return any(row == name or row.startswith(f"{name},") for row in table)


@pytest.mark.parametrize(
    ("room", "table"), [(layers, cases.LAYERS), (optimizers, cases.OPTIMIZERS)]
)
def test_every_public_class_has_a_row(room, table):
    assert [name for name in room.__all__ if not has_row(name, table)] == []


@pytest.mark.parametrize(("room", "table"), [(losses, cases.LOSSES), (metrics, cases.METRICS)])
def test_every_public_function_has_a_row(room, table):
    functions = {
        name
        for name, value in vars(room).items()
        if inspect.isfunction(value) and value.__module__ == room.__name__
    }
    public = {name for name in functions - NOT_FOR_BATCHES if not name.startswith("_")}
    assert public == set(table)


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
