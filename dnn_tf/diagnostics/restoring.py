"""A model is left as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras


def state_of(model: keras.Model) -> list[Any]:
    """All variables that a look at a model could move: weights, averages, seeds, the optimiser's.

    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> len(state_of(model))
    2
    """
    found = [*model.variables]
    if model.compiled:
        found += model.metrics_variables
        found += getattr(model.optimizer, "variables", [])
    return list({id(variable): variable for variable in found}.values())


@contextmanager
def unchanged(variables: list[Any]) -> Iterator[None]:
    """Afterwards the variables hold the bits that they had before, also where the block fails.

    >>> weight = keras.Variable(1.0)
    >>> with unchanged([weight]):
    ...     weight.assign(2.0) is None
    False
    >>> float(weight)
    1.0
    """
    # A copy: on a CPU NumPy may look right into the memory of the variable.
    before = [keras.ops.convert_to_numpy(variable).copy() for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)
