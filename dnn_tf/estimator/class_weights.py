"""How much each class counts."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from dnn_tf.arguments import check_between
from dnn_tf.types import InputError


def class_weights(
    class_weight: Any, classes: np.ndarray, y: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """A factor for each class.

    Args:
        class_weight: `None`, a factor for the classes that it names, by label, or `"balanced"`:
            `sum(w) / (n_classes * sum of the class's w)`, so that all classes count alike.
        classes: the labels.
        y: class numbers, `(rows,)`.
        weights: of the rows.

    Returns:
        `(classes,)`; 1 for those that are not named.

    Raises:
        InputError: a class that is not there, or a factor below zero.

    >>> y = np.array([0, 0, 0, 1])
    >>> print(class_weights("balanced", np.array(["a", "b"]), y, np.ones(4)).round(2))
    [0.67 2.  ]
    """
    factors = np.ones(len(classes))
    if class_weight is None:
        return factors
    if isinstance(class_weight, str) and class_weight == "balanced":
        there = np.bincount(y, weights, minlength=len(classes))
        return weights.sum() / (len(classes) * there)
    if not isinstance(class_weight, Mapping):
        raise InputError(
            "class_weight is a dict from labels to numbers, 'balanced' or None, and got "
            f"{class_weight!r}"
        )
    numbers = {label: number for number, label in enumerate(classes.tolist())}
    for label, factor in class_weight.items():
        if label not in numbers:
            raise InputError(
                f"class_weight names the class {label!r}, and y has {_shown(classes)}: take it out"
            )
        check_between(0, float("inf"), **{f"class_weight[{label!r}]": factor})
        factors[numbers[label]] = factor
    return factors


def _shown(classes: np.ndarray) -> str:
    shown = [repr(label) for label in classes[:10].tolist()]
    return ", ".join(shown if len(classes) <= 10 else [*shown, "..."])
