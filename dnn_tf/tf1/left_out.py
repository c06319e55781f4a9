"""Why a variable of a checkpoint is no weight of the network."""

import re
from collections.abc import Container

import numpy as np

from dnn_tf.tf1.reader import Variables

_SLOT = re.compile(
    r"(Momentum|Adam|AdaMax|Nadam|RMSProp|Adagrad|AdagradDA|ProximalAdagrad|Adadelta|Ftrl|"
    r"ExponentialMovingAverage)(_\d+)?"
)


def reason(name: str, variables: Variables) -> str | None:
    """In a few words, or `None` for what may be a weight.

    >>> import numpy as np
    >>> bias = np.zeros(3)
    >>> reason("a/bias/Adam_1", {"a/bias": bias, "a/bias/Adam_1": bias})
    'Adam_1: kept for training, which starts anew'
    >>> reason("a/bias", {"a/bias": bias})
    """
    value = variables[name]
    if value.ndim == 0:
        return "one number: a counter or a setting of training"
    if not np.issubdtype(value.dtype, np.floating):
        return f"{value.dtype}: weights are floating-point numbers"
    if value.size == 0:
        return "empty"
    word = name.rpartition("/")[2]
    if _SLOT.fullmatch(word) or _belongs_to_another(name, variables):
        return f"{word}: kept for training, which starts anew"
    if word.startswith("renorm_"):
        return "batch renormalisation: for training only"
    return None


def _belongs_to_another(name: str, variables: Container[str]) -> bool:
    """Whether it is named under a variable: `<variable>/<optimiser>`, as TF1 names slots."""
    parts = name.split("/")
    return any("/".join(parts[:end]) in variables for end in range(1, len(parts)))
