"""The numbers of a layer, looked at before they are used."""

import numpy as np

from dnn_tf.tf1.network import Part
from dnn_tf.tf1.reader import Variables
from dnn_tf.types import InputError


def layer_weights(part: Part, variables: Variables) -> list[np.ndarray]:
    """As float32, in the order of `part.variables`.

    What the checkpoint does not hold is what changes nothing: zeros, and ones for `gamma`.

    Raises:
        InputError: a number that is not finite; a variance below 0.

    >>> part = Part("hidden1", {"kernel": "hidden1/kernel", "bias": None})
    >>> [value.tolist() for value in layer_weights(part, {"hidden1/kernel": np.eye(2)})]
    [[[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0]]
    """
    values = {
        weight: _checked(name, variables[name])
        for weight, name in part.variables.items()
        if name is not None
    }
    units = next(iter(values.values())).shape[-1]
    variance = values.get("moving_variance")
    if variance is not None and variance.min() < 0:
        raise InputError(
            f"{part.variables['moving_variance']} holds {variance.min():.3g}, and a variance is 0 "
            "or more: take another checkpoint"
        )
    absent = {"gamma": np.ones}
    return [
        _shaped(weight, values[weight]) if weight in values else absent.get(weight, np.zeros)(units)
        for weight in part.variables
    ]


def _checked(name: str, value: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):  # what float32 cannot hold is found below
        value = value.astype("float32")
    if not np.isfinite(value).all():
        count = value.size - np.isfinite(value).sum()
        raise InputError(
            f"{name} holds NaN or infinity ({count} of {value.size} numbers): training went wrong "
            "before it was saved; take an earlier checkpoint"
        )
    return value


def _shaped(weight: str, value: np.ndarray) -> np.ndarray:
    """A bias may be a matrix of one row."""
    return value if weight == "kernel" else value.reshape(-1)
