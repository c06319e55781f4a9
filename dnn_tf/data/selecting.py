"""Some classes of a dataset, and a few rows of each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from dnn_tf.arguments import check_positive, check_whole
from dnn_tf.data.classes import check_names, list_some
from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.types import InputError

VALIDATION_SHARE = 0.3
"""Validation rows a training row, where these are few: the reference notebook takes 30 for 100."""


def select(
    data: Dataset,
    *,
    classes: Sequence[str] | None = None,
    per_class: int | None = None,
    seed: int = 42,
) -> Dataset:
    """A dataset of some of the classes, or of few training rows, as for an exercise in transfer.

    Rows stay in their order. Of a class, fewer rows are some of those that more would be, by the
    same seed.

    Args:
        data: with names of classes.
        classes: the names of those to keep; they are numbered 0, 1, ... in this order. Default:
            all.
        per_class: so many training rows of each class, drawn by the seed, and 3 validation rows for
            10 of them, one at least, as far as there are so many; test rows stay whole. Default:
            all rows.
        seed: of the draw.

    Raises:
        InputError: a class that is unknown or named twice, fewer than two of them, a split without
            rows of them, or fewer training rows than asked.

    >>> y = np.repeat([0, 1, 2], 20)
    >>> pets = Dataset(Split(np.eye(60), y), class_names=("cat", "dog", "emu"), source="pets")
    >>> few = select(pets, classes=["emu", "cat"], per_class=5)
    >>> few.class_names, np.bincount(few.train.y).tolist(), few.source
    (('emu', 'cat'), [5, 5], 'pets; only the classes emu, cat; 5 training rows a class by seed 42')
    """
    check_whole(0, seed=seed)
    if not data.class_names:
        raise InputError(f"{data.source}: its labels are no classes, so there is none to select")
    source = data.source
    splits = data.splits()
    if classes is not None:
        numbers = _numbers(classes, data)
        splits = {name: _only(split, numbers, name) for name, split in splits.items()}
        source += f"; only the classes {list_some(classes)}"
    class_names = data.class_names if classes is None else tuple(classes)
    if per_class is not None:
        splits, remark = _few(splits, class_names, per_class, seed)
        source += f"; {remark} by seed {seed}"
    return replace(
        data,
        train=splits["train"],
        validation=splits.get("validation"),
        test=splits.get("test"),
        class_names=class_names,
        source=source,
    )


def _numbers(classes: Sequence[str], data: Dataset) -> list[int]:
    """Those that the named classes have."""
    if isinstance(classes, str):
        raise InputError(
            f"classes is a sequence of names, and got {classes!r}: write [{classes!r}]"
        )
    for name in classes:
        if name not in data.class_names:
            raise InputError(
                f"{data.source}: no class is called {name!r}, and there are "
                f"{list_some(data.class_names)}: name some of these"
            )
    check_names(classes, "classes")
    if len(classes) < 2:
        raise InputError(f"classes names two or more, and got {list_some(classes)!r}: name another")
    return [data.class_names.index(name) for name in classes]


def _only(split: Split, numbers: Sequence[int], where: str) -> Split:
    """The rows of these classes, which become 0, 1, ..."""
    rows = np.isin(split.y, numbers)
    if not rows.any():
        raise InputError(f"{where}: no row is of one of the classes asked for: name others")
    order = np.argsort(numbers)  # (classes,)
    y = order[np.searchsorted(np.sort(numbers), split.y[rows])]
    return Split(split.x[rows], y)


def _few(
    splits: Mapping[str, Split], class_names: Sequence[str], per_class: int, seed: int
) -> tuple[dict[str, Split], str]:
    """Few training rows, as few for validation, all for the test; and which that were."""
    check_positive(per_class=per_class)
    counts = np.bincount(splits["train"].y.astype("int64"), minlength=len(class_names))
    if counts.min() < per_class:
        poorest = class_names[int(counts.argmin())]
        raise InputError(
            f"{per_class} training rows a class were asked for, and {poorest!r} has "
            f"{counts.min()}: ask for no more than that, or leave the class out"
        )
    few = {**splits, "train": _drawn(splits["train"], per_class, seed)}
    remark = f"{per_class} training rows a class"
    if "validation" in splits:
        n_validation = max(1, round(VALIDATION_SHARE * per_class))
        few["validation"] = _drawn(splits["validation"], n_validation, seed)
        remark += f" and at most {n_validation} for validation"
    return few, remark


def _drawn(split: Split, per_class: int, seed: int) -> Split:
    """So many rows of each class, or all it has."""
    rng = np.random.default_rng(seed)
    drawn = [
        rng.permutation(np.flatnonzero(split.y == number))[:per_class]
        for number in np.unique(split.y)
    ]
    rows = np.sort(np.concatenate(drawn))
    return Split(split.x[rows], split.y[rows])
