"""How large a feature or a target may be."""

import numpy as np

from dnn_tf.data.checks import LARGEST
from dnn_tf.types import InputError


def check_limits(values: np.ndarray, name: str, repair: str) -> None:
    """No number is larger than what the package trains on, in any precision.

    Args:
        values: finite numbers.
        name: what the caller calls them.
        repair: what to do.

    Raises:
        InputError: one is.

    >>> check_limits(np.array([1.0, -1e40]), "y", "scale y")
    Traceback (most recent call last):
    dnn_tf.types.InputError: y[1] is -1e+40 (1 such value in all), and numbers up to 3.4e+38 in \
size were expected: scale y
    """
    if float(values.min()) >= -LARGEST and float(values.max()) <= LARGEST:
        return
    too_large = np.argwhere(np.abs(values) > LARGEST)
    first, n = tuple(too_large[0].tolist()), len(too_large)
    raise InputError(
        f"{name}[{', '.join(map(str, first))}] is {values[first]:.3g} ({n} such "
        f"value{'s' * (n > 1)} in all), and numbers up to {LARGEST:.2g} in size were expected: "
        f"{repair}"
    )
