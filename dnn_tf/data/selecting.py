"""Some classes of a dataset, and a few rows of each."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

import numpy as np

from dnn_tf.arguments import check_positive, check_whole
from dnn_tf.data.arrays import one_line
from dnn_tf.data.classes import list_some
from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.data.memory import check_fits
from dnn_tf.types import InputError

VALIDATION_SHARE = 0.3
"""Validation rows a training row, where these are few: the reference notebook takes 30 for 100."""


def select(
    data: Dataset,
    *,
    classes: Iterable[str] | None = None,
    per_class: int | None = None,
    seed: int = 42,
) -> Dataset:
    """A dataset of some of the classes, or of few training rows, as for an exercise in transfer.

    Rows stay in their order. Of a class, fewer rows are some of those that more would be, by the
    same seed, whatever the other classes are: the draw goes by the name of the class.

    Args:
        data: with names of classes.
        classes: the names of those to keep; they are numbered 0, 1, ... in this order. Default:
            all.
        per_class: so many training rows of each class, drawn by the seed, and 3 validation rows for
            10 of them, one at least, as far as there are so many; test rows stay whole. Default:
            all rows.
        seed: of the draw.

    Raises:
        InputError: classes without an order, such as a set; one that is unknown or named twice;
            fewer than two of them; a split without rows of them; fewer training rows than asked;
            rows on the disk that the memory does not hold.

    >>> y = np.repeat([0, 1, 2], 20)
    >>> pets = Dataset(Split(np.eye(60), y), class_names=("cat", "dog", "emu"), source="pets")
    >>> few = select(pets, classes=["emu", "cat"], per_class=5)
    >>> few.class_names, np.bincount(few.train.y).tolist(), few.source
    (('emu', 'cat'), [5, 5], 'pets; only the classes emu, cat; 5 training rows a class by seed 42')
    """
    check_whole(0, seed=seed)
    if not data.class_names:
        raise InputError(f"{data.source}: its labels are no classes, so there is none to select")
    source, splits, class_names = data.source, data.splits(), data.class_names
    if classes is not None:
        class_names = _names(classes, data)
        numbers = [data.class_names.index(name) for name in class_names]
        splits = {name: _only(split, numbers, name) for name, split in splits.items()}
        source += f"; only the classes {list_some(class_names)}"
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


def _names(classes: Iterable[str], data: Dataset) -> tuple[str, ...]:
    """The classes asked for, two or more of those that there are, each once."""
    if isinstance(classes, str | bytes | Set | Mapping) or not isinstance(classes, Iterable):
        repair = f"write [{classes!r}]" if isinstance(classes, str) else "write a list, in order"
        raise InputError(f"classes is a sequence of names, and got {one_line(classes)}: {repair}")
    names = []
    for name in classes:
        if not isinstance(name, str) or name not in data.class_names:
            raise InputError(
                f"{data.source}: no class is called {one_line(name)}, and there are "
                f"{list_some(data.class_names)}: name some of these"
            )
        if name in names:
            raise InputError(f"classes names {one_line(name)} twice: name each class once")
        names.append(str(name))  # NumPy has a text of its own, which no file holds
    if len(names) < 2:
        raise InputError(f"classes names two or more, and got {list_some(names)!r}: name another")
    return tuple(names)


def _only(split: Split, numbers: Sequence[int], where: str) -> Split:
    """The rows of these classes, which become 0, 1, ..."""
    rows = np.isin(split.y, numbers)
    if not rows.any():
        raise InputError(f"{where}: no row is of one of the classes asked for: name others")
    order = np.argsort(numbers)  # (classes,)
    y = order[np.searchsorted(np.sort(numbers), split.y[rows])]
    return Split(_copied(split.x, np.flatnonzero(rows)), y)


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
    few = {**splits, "train": _drawn(splits["train"], class_names, per_class, seed)}
    remark = f"{per_class} training rows a class"
    if "validation" in splits:
        n_validation = max(1, round(VALIDATION_SHARE * per_class))
        few["validation"] = _drawn(splits["validation"], class_names, n_validation, seed)
        remark += f" and at most {n_validation} for validation"
    return few, remark


def _drawn(split: Split, class_names: Sequence[str], per_class: int, seed: int) -> Split:
    """So many rows of each class, or all it has."""
    drawn = [
        _generator(name, seed).permutation(np.flatnonzero(split.y == number))[:per_class]
        for number, name in enumerate(class_names)
    ]
    rows = np.sort(np.concatenate(drawn))
    return Split(_copied(split.x, rows), split.y[rows])


def _copied(x: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Some rows in memory; all of them may lie on the disk."""
    n_bytes = len(rows) * (x.nbytes // len(x))
    check_fits(n_bytes, f"{len(rows):,} rows of those selected", "take fewer classes or rows")
    return x[rows]


def _generator(class_name: str, seed: int) -> np.random.Generator:
    """One for each class, so that its rows do not depend on which others there are."""
    return np.random.default_rng([int(seed), *class_name.encode(errors="surrogatepass")])
