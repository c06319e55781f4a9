"""An auxiliary task that needs no labels: is this example whole?"""

from collections.abc import Callable
from typing import Any

import numpy as np

from dnn_tf.arguments import check_choice, check_whole, is_real
from dnn_tf.data import Dataset, Split
from dnn_tf.data.memory import check_fits
from dnn_tf.pretraining.rows import as_rows
from dnn_tf.types import InputError

CLASS_NAMES = ("corrupted", "good")

DRAWS = 100
"""Of an example that comes out as it was; after so many it is taken for one that cannot change."""


def permuted(x: np.ndarray, rows: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
    """The share `level` of the features of each of these rows in one another's places.

    It leaves each row its values: only where they belong tells.

    >>> permuted(np.array([[1, 2]]), np.array([0]), 1.0, np.random.default_rng(0)).tolist()
    [[2, 1]]
    """
    out = x[rows]
    n_moved = max(2, round(level * x.shape[1]))
    keys = rng.random(out.shape)
    places = np.argpartition(keys, n_moved - 1, axis=1)[:, :n_moved]  # (rows, n_moved), any order
    moved = np.take_along_axis(out, np.roll(places, 1, axis=1), axis=1)
    np.put_along_axis(out, places, moved, axis=1)
    return out


def noisy(x: np.ndarray, rows: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
    """`x + e` of these rows, with `e` from `N(0, (level * deviation of x)^2)` for every number."""
    stddev = np.float32(level * x.std(dtype="float64"))
    noise = rng.standard_normal((len(rows), x.shape[1]), dtype="float32") * stddev
    return x[rows] + noise.astype(x.dtype)


def mixed(x: np.ndarray, rows: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
    """A run of features of each of these rows, the share `level` of them, from another row.

    Of a flattened image that is a band of it: each part is as it should be, and they do not go
    together.

    >>> x = np.array([[1, 1], [2, 2]])
    >>> out = mixed(x, np.array([0, 1]), 0.5, np.random.default_rng(0))
    >>> sorted(map(sorted, out.tolist()))
    [[1, 2], [1, 2]]
    """
    n, n_features = x.shape
    others = (rows + rng.integers(1, n, size=len(rows))) % n
    length = min(max(1, round(level * n_features)), n_features - 1)
    first = rng.integers(n_features - length + 1, size=(len(rows), 1))
    place = np.arange(n_features)
    return np.where((place >= first) & (place < first + length), x[others], x[rows])


_CORRUPTIONS: dict[
    str, Callable[[np.ndarray, np.ndarray, float, np.random.Generator], np.ndarray]
] = {"permute": permuted, "noise": noisy, "mix": mixed}


def good_or_corrupted(
    x: np.ndarray, corruption: str = "mix", *, level: float = 0.5, seed: int = 0
) -> Dataset:
    """Every example twice, as it is (label 1) and corrupted (label 0).

    The first document's way to labels that cost nothing: call what there is good, spoil it for bad
    examples, and train a network to tell them apart; its lower layers then serve the real task. The
    spoilt ones have to be of a kind that only the structure of the data betrays: noise, and pixels
    in wrong places, are found in a corner of an image without a look at what it shows.

    A corruption that leaves an example as it was (a band that is black in both images) is drawn
    again, up to 100 times.

    Args:
        x: examples, `(n, features)`, two or more.
        corruption: `"mix"`: a run of the features, a band of a flattened image, is another
            example's; `"permute"`: some features change places; `"noise"`: on every number.
        level: the share of the features that are mixed or change places; of `"noise"` its
            deviation, in deviations of `x`. Above 0, up to 1.
        seed: of what is drawn.

    Returns:
        The examples as training data, in a random order. For a test set take the `train` of
        another call, on other examples.

    Raises:
        InputError: examples that are no finite numbers, or not two rows of two features; one that
            the corruption cannot change; an unknown corruption; a level outside its range; more
            than fits into memory.

    Shapes:
        `(n, features)` -> `(2 n, features)`, `(2 n,)`.

    >>> data = good_or_corrupted(np.eye(4), seed=1)
    >>> data.train.x.shape, sorted(data.train.y.tolist()), data.class_names
    ((8, 4), [0, 0, 0, 0, 1, 1, 1, 1], ('corrupted', 'good'))
    """
    x = _examples(x)
    check_choice(tuple(_CORRUPTIONS), corruption=corruption)
    if not is_real(level) or not 0 < level <= 1:
        raise InputError(f"level is a number above 0, up to 1, and got {level!r}")
    check_whole(0, seed=seed)
    rng = np.random.default_rng(seed)
    both = np.concatenate([_corrupted(x, corruption, level, rng), x])
    order = rng.permutation(len(both))
    good = (order >= len(x)).astype("int64")
    source = f"{len(x)} examples, whole and corrupted ({corruption}, {level}), by seed {seed}"
    return Dataset(Split(both[order], good), class_names=CLASS_NAMES, source=source)


def _examples(x: Any) -> np.ndarray:
    """Two rows of two features or more, in float32 or float64."""
    x = as_rows(x, "the examples")
    if min(x.shape) < 2:
        raise InputError(
            f"the examples: x has the shape {x.shape}, and two or more samples of two or more "
            "features were expected: give more"
        )
    dtype = np.promote_types(x.dtype, "float32") if x.dtype.kind == "f" else np.dtype("float32")
    check_fits(
        5 * x.size * dtype.itemsize,  # x, the corrupted ones, both, and both in their order
        f"{2 * len(x)} examples, whole and corrupted", "give fewer",
    )  # fmt: skip
    return x.astype(dtype, copy=False)


def _corrupted(
    x: np.ndarray, corruption: str, level: float, rng: np.random.Generator
) -> np.ndarray:
    """All rows, each changed."""
    out, unchanged = np.empty_like(x), np.arange(len(x))
    for _ in range(DRAWS):
        out[unchanged] = _CORRUPTIONS[corruption](x, unchanged, level, rng)
        unchanged = unchanged[(out[unchanged] == x[unchanged]).all(axis=1)]
        if not len(unchanged):
            return out
    raise InputError(
        f"the examples: x[{unchanged[0]}] is the same after {corruption!r} at the level {level} "
        f"({len(unchanged)} such rows in all, each drawn {DRAWS} times): drop those rows, raise "
        "level, or take another corruption"
    )
