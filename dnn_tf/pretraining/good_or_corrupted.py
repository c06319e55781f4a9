"""An auxiliary task that needs no labels: is this example whole?"""

from collections.abc import Callable

import numpy as np

from dnn_tf.arguments import check_choice, check_whole, is_real
from dnn_tf.data import Dataset, Split
from dnn_tf.data.arrays import as_array
from dnn_tf.data.checks import check_features
from dnn_tf.types import InputError

CLASS_NAMES = ("corrupted", "good")


def permuted(x: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """A share of the features of each row in one another's places.

    It leaves each row its values: only where they belong tells.

    >>> permuted(np.array([[1, 2]]), 1.0, np.random.default_rng(0)).tolist()
    [[2, 1]]
    """
    n_moved = max(2, round(share * x.shape[1]))
    keys = rng.random(x.shape)
    places = np.argpartition(keys, n_moved - 1, axis=1)[:, :n_moved]  # (n, n_moved), any order
    moved = np.take_along_axis(x, np.roll(places, 1, axis=1), axis=1)
    out = x.copy()
    np.put_along_axis(out, places, moved, axis=1)
    return out


def noisy(x: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """`x + e`, with `e` from `N(0, (share * deviation of x)^2)` for every number."""
    noise = rng.standard_normal(x.shape, dtype="float32") * np.float32(share * x.std())
    return x + noise.astype(x.dtype)


def mixed(x: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """A run of features of each row, so large a share, from another row.

    Of a flattened image that is a band of it: each part is as it should be, and they do not go
    together.

    >>> out = mixed(np.array([[1, 1], [2, 2]]), 0.5, np.random.default_rng(0))
    >>> sorted(map(sorted, out.tolist()))
    [[1, 2], [1, 2]]
    """
    n, n_features = x.shape
    others = (np.arange(n) + rng.integers(1, n, size=n)) % n
    length = min(max(1, round(share * n_features)), n_features - 1)
    first = rng.integers(n_features - length + 1, size=(n, 1))
    place = np.arange(n_features)
    return np.where((place >= first) & (place < first + length), x[others], x)


_WAYS: dict[str, Callable[[np.ndarray, float, np.random.Generator], np.ndarray]] = {
    "permute": permuted,
    "noise": noisy,
    "mix": mixed,
}


def good_or_corrupted(
    x: np.ndarray, corruption: str = "mix", *, share: float = 0.5, seed: int = 0
) -> Dataset:
    """Every example twice, as it is (label 1) and corrupted (label 0).

    The first document's way to labels that cost nothing: call what there is good, spoil it for bad
    examples, and train a network to tell them apart; its lower layers then serve the real task. The
    spoilt ones have to be of a kind that only the structure of the data betrays: noise, and pixels
    in wrong places, are found in a corner of an image without a look at what it shows.

    Args:
        x: examples, `(n, features)`, two or more.
        corruption: `"mix"`: a run of the features, a band of a flattened image, is another
            example's; `"permute"`: some features change places; `"noise"`: on every number.
        share: of the features that are mixed or change places; of `"noise"` its deviation, in
            deviations of `x`. Above 0, up to 1.
        seed: of what is drawn.

    Returns:
        The examples as training data, in a random order. For a test set take the `train` of
        another call, on other examples.

    Raises:
        InputError: examples that are no finite numbers, or not two rows of two features; an unknown
            corruption; a share outside its range.

    Shapes:
        `(n, features)` -> `(2 n, features)`, `(2 n,)`.

    >>> data = good_or_corrupted(np.eye(4), seed=1)
    >>> data.train.x.shape, sorted(data.train.y.tolist()), data.class_names
    ((8, 4), [0, 0, 0, 0, 1, 1, 1, 1], ('corrupted', 'good'))
    """
    x = as_array(x, "x")
    check_features(x, "the examples")
    if x.ndim != 2 or min(x.shape) < 2:
        raise InputError(
            f"the examples: x has the shape {x.shape}, and (samples, features), two or more of "
            "both, was expected: flatten the samples, and give more than one"
        )
    check_choice(tuple(_WAYS), corruption=corruption)
    if not is_real(share) or not 0 < share <= 1:
        raise InputError(f"share is a number above 0, up to 1, and got {share!r}")
    check_whole(0, seed=seed)
    x = x if x.dtype.kind == "f" else x.astype("float32")
    rng = np.random.default_rng(seed)
    both = np.concatenate([_WAYS[corruption](x, share, rng), x])
    order = rng.permutation(len(both))
    good = (order >= len(x)).astype("int64")
    source = f"{len(x)} examples, whole and corrupted ({corruption}, {share}), by seed {seed}"
    return Dataset(Split(both[order], good), class_names=CLASS_NAMES, source=source)
