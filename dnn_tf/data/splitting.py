"""The splits that a source lacks, taken from its training rows; or all its rows as one."""

from collections.abc import Mapping, Sequence

import numpy as np

from dnn_tf.arguments import check_whole
from dnn_tf.data.checks import check_every_class, check_labels
from dnn_tf.data.dataset import Split
from dnn_tf.types import InputError

SHARES = {"validation": 0.1, "test": 0.2}
"""Of the training rows of each class, where a source has no such split."""


def arranged(
    given: Mapping[str, Split],
    class_names: Sequence[str],
    seed: int,
    where: str,
    lines: Sequence[int] = (),
    *,
    splits: bool = True,
) -> tuple[dict[str, Split], tuple[str, ...], str]:
    """The rows of a source, to train on or only to measure on.

    Args:
        given, class_names, seed, where, lines: see `complete`.
        splits: whether `complete` makes three splits of them; or they are `together` in `train`.

    Returns:
        The splits, the names of their classes, and a remark for `Dataset.source`.
    """
    if splits:
        completed, remark = complete(given, class_names, seed, where, lines)
        return completed, tuple(class_names), remark
    rows, present = together(given, class_names)
    return {"train": rows}, present, "all rows"


def together(
    given: Mapping[str, Split], class_names: Sequence[str]
) -> tuple[Split, tuple[str, ...]]:
    """All rows, one split after the other, and the classes that have any, numbered anew.

    Raises:
        InputError: a label that is no class number, as TFDS has where it hides them.

    >>> few = Split(np.eye(2), np.array([3, 1]))
    >>> rows, names = together({"train": few, "test": few}, ("a", "b", "c", "d"))
    >>> rows.y.tolist(), names
    ([1, 0, 1, 0], ('b', 'd'))
    """
    for name, split in given.items():
        check_labels(split.y, len(class_names), name)
    x = np.concatenate([split.x for split in given.values()])
    labels = np.concatenate([split.y for split in given.values()])
    present, y = np.unique(labels, return_inverse=True)
    return Split(x, y), tuple(class_names[number] for number in present)


def complete(
    given: Mapping[str, Split],
    class_names: Sequence[str],
    seed: int,
    where: str,
    lines: Sequence[int] = (),
) -> tuple[dict[str, Split], str]:
    """Training, validation and test rows, the missing splits taken from the training rows.

    Args:
        given: `train`, and `validation` and `test` if there are, the labels being class numbers.
        class_names: the name of class 0, 1, ...
        seed: of the draw.
        where: the name of the source in an error.
        lines: the number of each training row's line, if the source has lines.

    Returns:
        The three splits, each in the order of its source, and a remark for `Dataset.source`.

    Raises:
        InputError: a class has no training row, or too few for every split to get one.
    """
    check_whole(0, seed=seed)
    check_every_class(given["train"].y, class_names, f"{where}, train")
    shares = {name: share for name, share in SHARES.items() if name not in given}
    if not shares:
        return dict(given), "splits as given"
    train = given["train"]
    rows = stratified(train.y, shares, class_names, seed, where, lines)
    drawn = {name: Split(train.x[part], train.y[part]) for name, part in rows.items()}
    told = " and ".join(f"{share:.0%} for {name}" for name, share in shares.items())
    return {**given, **drawn}, f"{told} drawn from the training rows by seed {seed}"


def stratified(
    y: np.ndarray,
    shares: Mapping[str, float],
    class_names: Sequence[str],
    seed: int,
    where: str = "train",
    lines: Sequence[int] = (),
) -> dict[str, np.ndarray]:
    """Row numbers for each share and for `train`, every class in the same proportions.

    Each gets a row of each class at least; what no share takes is left to `train`.

    Shapes:
        `(rows,)` class numbers -> for each split `(its rows,)`, ascending.

    Raises:
        InputError: a class has fewer rows than there are splits.

    >>> y = np.repeat([0, 1], [10, 30])
    >>> rows = stratified(y, {"test": 0.2}, ("few", "many"), seed=0)
    >>> {name: np.bincount(y[part]).tolist() for name, part in rows.items()}
    {'test': [2, 6], 'train': [8, 24]}
    """
    rng = np.random.default_rng(seed)
    drawn: dict[str, list[np.ndarray]] = {name: [] for name in (*shares, "train")}
    for number, class_name in enumerate(class_names):
        rows = rng.permutation(np.flatnonzero(y == number))
        if len(rows) < len(drawn):
            place = f", line {lines[rows.min()]}" if lines else ""
            raise InputError(
                f"{where}{place}: too few rows of class {class_name!r}: {len(rows)}, and at least "
                f"{len(drawn)} were expected, one each for {', '.join(drawn)}: add some, leave the "
                "class out, or only measure, on all rows (split 'all')"
            )
        counts = [max(1, round(share * len(rows))) for share in shares.values()]
        parts = np.split(rows, np.cumsum(counts))  # what is left comes last
        for name, part in zip(drawn, parts, strict=True):
            drawn[name].append(part)
    return {name: np.sort(np.concatenate(parts)) for name, parts in drawn.items()}
