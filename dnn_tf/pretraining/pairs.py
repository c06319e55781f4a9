"""An auxiliary task for labels of another kind, or for few: do the two belong to one class?"""

import numpy as np

from dnn_tf.arguments import check_whole
from dnn_tf.data import Dataset, Split
from dnn_tf.data.checks import check_features, check_labels, check_rows
from dnn_tf.data.memory import check_fits
from dnn_tf.types import InputError

CLASS_NAMES = ("different", "same")


def same_or_different(x: np.ndarray, y: np.ndarray, n_pairs: int, seed: int = 0) -> Dataset:
    """Pairs of examples, half of one class (label 1) and half of two (label 0).

    The reference notebook's exercise 10 (handson-ml, chapter 11) trains `pair_network` on them;
    the lower layers then serve a task with few labels. Bromley et al. (1993) compared signatures
    in this way.

    Args:
        x: examples, `(n, features)`.
        y: their classes, `(n,)`.
        n_pairs: how many pairs, 2 or more; of an odd number one more is `different`.
        seed: of the draw.

    Returns:
        The pairs as training data, in a random order. For a test set take the `train` of another
        call.

    Raises:
        InputError: rows and labels that do not match, labels that are no class numbers, a single
            class, no class with two examples; pairs that do not fit into memory.

    Shapes:
        `(n, features)`, `(n,)` -> `(n_pairs, 2, features)`, `(n_pairs,)`.

    >>> data = same_or_different(np.eye(6), np.array([0, 0, 1, 1, 2, 2]), n_pairs=4)
    >>> data.train.x.shape, sorted(data.train.y.tolist()), data.class_names
    ((4, 2, 6), [0, 0, 1, 1], ('different', 'same'))
    """
    given = Split(x, y)
    check_features(given.x, "the examples")
    check_rows(given.x, given.y, "the examples")
    check_whole(2, n_pairs=n_pairs)
    check_fits(
        2 * n_pairs * (given.x.nbytes // len(given)), f"{n_pairs} pairs",
        "take fewer, or draw_pairs, which gives the numbers of their rows",
    )  # fmt: skip
    rows, same = draw_pairs(given.y, n_pairs, seed)
    source = f"{n_pairs} pairs of {len(given)} examples, drawn by seed {seed}"
    return Dataset(Split(given.x[rows], same), class_names=CLASS_NAMES, source=source)


def draw_pairs(y: np.ndarray, n_pairs: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the rows of each pair, and whether they are of one class.

    Every ordered pair of two rows of one class is as likely as any other, and so is every ordered
    pair of rows of two classes. None is a row twice.

    Args:
        y, n_pairs, seed: see `same_or_different`.

    Shapes:
        `(n,)` -> `(n_pairs, 2)`, `(n_pairs,)`.

    >>> rows, same = draw_pairs(np.array([5, 7, 5]), n_pairs=100)
    >>> sorted(set(map(tuple, rows[same == 1].tolist())))
    [(0, 2), (2, 0)]
    """
    y = np.asarray(y)
    check_whole(2, n_pairs=n_pairs)
    check_whole(0, seed=seed)
    check_labels(y, None, "the examples")
    if not len(y):
        raise InputError("the examples: y has no rows, and pairs need two or more: add some")
    order = np.argsort(y, kind="stable")  # class after class
    _, first, which, size = np.unique(
        y[order], return_index=True, return_inverse=True, return_counts=True
    )
    _check_classes(size)
    first, size = first[which], size[which]  # (n,) of the class of each place in the order
    rng = np.random.default_rng(seed)

    same = rng.permutation(np.arange(n_pairs) % 2)
    pairs = np.empty((n_pairs, 2), "int64")
    # After the partner's place in the class, round it; then after the class, round all others.
    one = _places(rng, size - 1, int(same.sum()))
    steps = 1 + rng.integers(size[one] - 1)
    other = first[one] + (one - first[one] + steps) % size[one]
    pairs[same == 1] = np.stack([one, other], axis=1)

    one = _places(rng, len(y) - size, int((1 - same).sum()))
    steps = rng.integers(len(y) - size[one])
    other = (first[one] + size[one] + steps) % len(y)
    pairs[same == 0] = np.stack([one, other], axis=1)
    return order[pairs], same


def _places(rng: np.random.Generator, n_partners: np.ndarray, n: int) -> np.ndarray:
    """The first of each pair, as often as there are partners for it."""
    return rng.choice(len(n_partners), size=n, p=n_partners / n_partners.sum())


def _check_classes(size: np.ndarray) -> None:
    if len(size) < 2:
        raise InputError(
            "the examples are all of one class, and pairs of different ones need two classes: add "
            "examples of another class"
        )
    if size.max() < 2:
        raise InputError(
            "no class has two examples, and pairs of one class need them: add examples"
        )
