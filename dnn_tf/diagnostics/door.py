"""What is asked before a model is looked at, and the rows that it is looked at with."""

from typing import Any

import keras
import numpy as np

from dnn_tf.arguments import check_positive, check_seed
from dnn_tf.data.checks import check_features, check_labels, check_rows, check_targets
from dnn_tf.types import InputError

WHERE = "inspect"


def check_built(model: Any) -> None:
    """A Keras model that has its weights."""
    if not isinstance(model, keras.Model):
        raise InputError(f"a Keras model was expected, and got {type(model).__name__}")
    if not model.built:
        raise InputError(
            f"model {model.name!r} is not built: call it once on some rows, or give it a "
            "keras.Input"
        )
    if not model.weights:
        raise InputError(
            f"model {model.name!r} has no weights, so there is nothing to look at: give one with "
            "layers that have some"
        )


def sampled(x: Any, y: Any, rows: int, seed: int) -> tuple[Any, Any, int]:
    """So many rows at most, drawn without replacement and kept in order; and how many they are.

    Drawn, for files are often sorted by class; the same ones for the same seed.

    Args:
        x, y: an array, or a list or a dictionary of them; lists of numbers are an array.

    Raises:
        InputError: no rows, not as many labels, values that are no finite numbers.

    >>> x, y, n = sampled(np.ones((5, 2)), np.arange(5), rows=2, seed=0)
    >>> x.shape, y.shape, n
    ((2, 2), (2,), 2)
    """
    check_positive(rows=rows)
    check_seed(seed=seed)
    x, y = (keras.tree.map_structure(_as_array, _joined(given)) for given in (x, y))
    inputs, labels = keras.tree.flatten(x), keras.tree.flatten(y)
    if not inputs or not labels or any(one.ndim == 0 for one in (*inputs, *labels)):
        raise InputError(
            f"{WHERE}: x and y are arrays, or lists or dictionaries of them, and got "
            f"{type(x).__name__} and {type(y).__name__} without rows: give a row a sample"
        )
    total = len(inputs[0])
    for one in inputs[1:]:
        check_rows(one, inputs[0], WHERE)
    for one in labels:
        check_rows(inputs[0], one, WHERE)
    chosen: Any = slice(None)
    if total > rows:
        chosen = np.sort(np.random.default_rng(seed).choice(total, rows, replace=False))
    x, y = (keras.tree.map_structure(lambda values: values[chosen], given) for given in (x, y))
    for one in keras.tree.flatten(x):
        check_features(one[:, None] if one.ndim == 1 else one, WHERE)
    for one in keras.tree.flatten(y):
        check_targets(one, WHERE)
    return x, y, min(total, rows)


def _joined(given: Any) -> Any:
    """Of lists of numbers one array."""
    leaves = keras.tree.flatten(given) if isinstance(given, list | tuple) else []
    if not leaves or not all(isinstance(leaf, int | float | np.number) for leaf in leaves):
        return given
    try:
        return np.asarray(given)
    except ValueError as error:
        raise InputError(
            f"{WHERE}: the rows of a list have different lengths: give all rows as many numbers"
        ) from error


def _as_array(values: Any) -> np.ndarray:
    return values if isinstance(values, np.ndarray) else np.asarray(values)


def check_inputs(model: keras.Model, x: Any) -> None:
    """Rows of the shapes that the model says it takes, where it says so."""
    inputs = getattr(model, "inputs", None)
    arrays = keras.tree.flatten(x)
    if not inputs:
        return
    if len(arrays) != len(inputs):
        raise InputError(
            f"{WHERE}: model {model.name!r} takes {len(inputs)} inputs, and got {len(arrays)}: "
            "give x in the form of the inputs of the model"
        )
    for array, expected in zip(arrays, inputs, strict=True):
        want, got = tuple(expected.shape[1:]), array.shape[1:]
        if len(want) != len(got) or any(
            size not in (None, here) for size, here in zip(want, got, strict=True)
        ):
            raise InputError(
                f"{WHERE}: a sample has the shape {got}, and the model takes {want}: reshape the "
                "data, or build the model for it"
            )
        if expected.shape[0] not in (None, len(array)):
            raise InputError(
                f"{WHERE}: model {model.name!r} takes {expected.shape[0]} rows at once, and got "
                f"{len(array)}: say rows={expected.shape[0]}"
            )


def check_against(outputs: Any, y: Any, sparse: bool = False) -> None:
    """Class numbers that the outputs have; see `training.fit` for when labels are class numbers.

    Args:
        outputs, y: of the model, and the labels.
        sparse: whether the loss takes class numbers; else fractions are none.
    """
    outputs, labels = keras.tree.flatten(outputs), keras.tree.flatten(y)
    if len(outputs) != 1 or len(labels) != 1 or len(outputs[0].shape) != 2:
        return
    n_outputs, one = int(outputs[0].shape[-1]), labels[0]
    if not sparse and one.dtype.kind == "f":
        return
    if n_outputs > 1 and one.shape[1:] in ((), (1,)):
        check_labels(one.reshape(-1), n_outputs, WHERE)
