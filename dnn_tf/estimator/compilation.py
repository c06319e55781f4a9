"""Whether XLA is worth its compilation."""

_SECONDS_TO_COMPILE = 0.7
"""More than the plain graph needs, for each size of a batch."""

_SAVED_A_STEP, _SAVED_A_WEIGHT, _SAVED_A_ROW = 70e-6, 2.5e-9, 0.5e-6
"""Seconds of each step: of its operations, of the optimiser's update, and of the layers.

Roughly, and as measured on two cores: networks of 220 to 1,000,000 weights, in batches of 20 to
5,000 rows, under Adam. A GPU saves more.
"""


def compiling_pays(n_rows: int, batch_size: int, epochs: int, n_weights: int) -> bool:
    """Whether a training is long enough for XLA to save more time than it takes.

    >>> compiling_pays(n_rows=150, batch_size=50, epochs=40, n_weights=32_000)
    False
    >>> compiling_pays(n_rows=60_000, batch_size=50, epochs=40, n_weights=266_610)
    True
    """
    full, rest = divmod(n_rows, batch_size)
    n_sizes = bool(full) + bool(rest)
    saved = _SAVED_A_STEP + _SAVED_A_WEIGHT * n_weights + _SAVED_A_ROW * min(batch_size, n_rows)
    return epochs * (full + bool(rest)) * saved > n_sizes * _SECONDS_TO_COMPILE
