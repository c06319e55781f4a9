"""How many inputs a unit has, and how many outputs an input."""

import math
from collections.abc import Sequence

from dnn_tf.types import InputError


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """`(n_inputs, n_outputs)` of a kernel.

    A dense kernel is `(n_inputs, n_outputs)`. The kernel of a convolution is
    `(rows, columns, channels, filters)`: a unit sees `rows * columns * channels` numbers, and a
    number is seen by `rows * columns * filters` units.

    Raises:
        InputError: a shape of fewer than two axes, such as a bias has.

    >>> fans((784, 300)), fans((5, 5, 3, 32))
    ((784, 300), (75, 800))
    """
    if len(shape) < 2:
        raise InputError(
            "this initialiser needs a shape of two axes or more, (n_inputs, n_outputs), "
            f"and got {tuple(shape)}: use 'zeros' for a bias"
        )
    *window, n_inputs, n_outputs = shape
    field = math.prod(window)
    return field * n_inputs, field * n_outputs
