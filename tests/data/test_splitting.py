"""The splits that a source lacks."""

import numpy as np
import pytest

from dnn_tf.data import Split
from dnn_tf.data.splitting import arranged, complete, stratified, together
from dnn_tf.types import InputError

NAMES = ("a", "b")
SHARES = {"validation": 0.1, "test": 0.2}


def rows(*counts):
    y = np.repeat(np.arange(len(counts)), counts)
    return Split(np.arange(2 * len(y)).reshape(-1, 2), y)


def test_each_class_in_the_same_proportions():
    parts = stratified(rows(30, 70).y, SHARES, NAMES, seed=0)
    counts = {name: np.bincount(rows(30, 70).y[part]).tolist() for name, part in parts.items()}
    assert counts == {"validation": [3, 7], "test": [6, 14], "train": [21, 49]}


def test_every_row_once_in_its_order():
    parts = stratified(rows(30, 70).y, SHARES, NAMES, seed=0)
    np.testing.assert_array_equal(np.sort(np.concatenate(list(parts.values()))), np.arange(100))
    assert all((np.diff(part) > 0).all() for part in parts.values())


def test_the_seed_decides():
    one, same, other = (stratified(rows(50, 50).y, SHARES, NAMES, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one["test"], same["test"])
    assert one["test"].tolist() != other["test"].tolist()


def test_three_rows_are_one_for_each_split():
    parts = stratified(rows(3, 3).y, SHARES, NAMES, seed=0)
    assert {len(part) for part in parts.values()} == {2}


def test_two_rows_are_too_few():
    words = "pets.csv: too few rows of class 'b': 2, and at least 3 were expected, one each for val"
    with pytest.raises(InputError, match=words):
        stratified(rows(30, 2).y, SHARES, NAMES, 0, "pets.csv")


def test_the_line_of_the_first_row_of_a_class_that_has_too_few():
    train = Split(np.zeros((8, 1)), np.array([0, 0, 1, 0, 0, 1, 0, 0]))
    with pytest.raises(InputError, match="pets.csv, line 14: too few rows of class 'b': 2, and"):
        complete({"train": train}, NAMES, 0, "pets.csv", range(10, 26, 2))


def test_complete_draws_what_is_missing():
    splits, remark = complete({"train": rows(30, 70)}, NAMES, 42, "pets.csv")
    assert {name: len(split) for name, split in splits.items()} == {
        "train": 70,
        "validation": 10,
        "test": 20,
    }
    assert remark == "10% for validation and 20% for test drawn from the training rows by seed 42"
    for split in splits.values():
        np.testing.assert_array_equal(split.x[:, 0] >= 60, split.y == 1)  # labels follow


def test_complete_leaves_what_is_there():
    given = {"train": rows(30, 70), "test": rows(5, 5)}
    splits, remark = complete(given, NAMES, 42, "pets.csv")
    assert splits["test"] is given["test"]
    assert [len(splits[name]) for name in ("train", "validation")] == [90, 10]
    assert remark == "10% for validation drawn from the training rows by seed 42"
    given["validation"] = rows(1, 1)
    assert complete(given, NAMES, 42, "pets.csv") == (given, "splits as given")


def test_a_class_without_training_rows():
    given = {"train": rows(5), "validation": rows(5, 5), "test": rows(5, 5)}
    with pytest.raises(InputError, match=r'pets.csv, train: class 1 \("b"\) has no training ex'):
        complete(given, NAMES, 42, "pets.csv")


def test_a_seed_that_is_none():
    with pytest.raises(InputError, match="seed is a whole number, 0 or more, and got -1"):
        complete({"train": rows(30, 70)}, NAMES, -1, "pets.csv")


def test_all_rows_together_without_the_classes_that_have_none():
    given = {"train": Split(np.eye(3), [4, 2, 4]), "test": Split(np.eye(3)[:1], [2])}
    split, names = together(given, tuple("abcde"))
    np.testing.assert_array_equal(split.x, np.eye(3)[[0, 1, 2, 0]])
    assert (split.y.tolist(), names) == ([1, 0, 1, 0], ("c", "e"))


def test_a_hidden_label_is_no_class():
    with pytest.raises(InputError, match=r"test: y\[1\] is -1"):
        together({"train": rows(2, 2), "test": Split(np.eye(2), [0, -1])}, NAMES)


def test_three_splits_or_none():
    given = {"train": rows(30, 70)}
    splits, names, remark = arranged(given, NAMES, 42, "pets.csv")
    assert (list(splits), names) == (["train", "validation", "test"], NAMES)
    assert remark.startswith("10% for validation")
    splits, names, remark = arranged({"train": rows(0, 1)}, NAMES, 42, "pets.csv", splits=False)
    assert (list(splits), names, remark) == (["train"], ("b",), "all rows")
