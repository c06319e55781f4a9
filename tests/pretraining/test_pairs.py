"""Pairs of one class and of two."""

from collections import Counter

import numpy as np
import pytest

from dnn_tf.pretraining import draw_pairs, same_or_different
from dnn_tf.types import InputError

Y = np.array([2, 7, 7, 2, 7, 9])


def test_what_is_called_same_is_of_one_class():
    rows, same = draw_pairs(Y, 1000)
    np.testing.assert_array_equal(Y[rows[:, 0]] == Y[rows[:, 1]], same == 1)


def test_no_example_is_paired_with_itself():
    rows, _ = draw_pairs(Y, 1000)
    assert (rows[:, 0] != rows[:, 1]).all()


@pytest.mark.parametrize(("n_pairs", "n_same"), [(2, 1), (7, 3), (1000, 500)])
def test_half_are_the_same(n_pairs, n_same):
    assert draw_pairs(Y, n_pairs)[1].sum() == n_same


@pytest.mark.parametrize(("kind", "n_kinds"), [(1, 2 + 6), (0, 30 - 8)], ids=["same", "different"])
def test_every_pair_is_as_likely_as_any_other(kind, n_kinds):
    rows, same = draw_pairs(Y, 40_000)
    counts = Counter(map(tuple, rows[same == kind].tolist()))
    assert len(counts) == n_kinds
    np.testing.assert_allclose(list(counts.values()), 20_000 / n_kinds, rtol=0.15)


def test_the_order_tells_nothing():
    _, same = draw_pairs(Y, 10_000)
    assert same[:5000].mean() == pytest.approx(0.5, abs=0.03)


def test_same_seed_same_pairs():
    one, again, other = (draw_pairs(Y, 100, seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_a_dataset_of_pairs(blobs):
    data = same_or_different(blobs.train.x, blobs.train.y, 50, seed=3)
    rows, same = draw_pairs(blobs.train.y, 50, seed=3)
    np.testing.assert_array_equal(data.train.x[:, 1], blobs.train.x[rows[:, 1]])
    np.testing.assert_array_equal(data.train.y, same)
    assert data.train.x.shape == (50, 2, 6)
    assert data.class_names[1] == "same"
    assert data.source == "50 pairs of 90 examples, drawn by seed 3"


@pytest.mark.parametrize(
    ("x", "y", "n_pairs", "message"),
    [
        (np.eye(4), [1, 1, 1, 1], 4, "the examples are all of one class"),
        (np.eye(4), [0, 1, 2, 3], 4, "no class has two examples"),
        (np.eye(4), [0, 1, 1], 4, "x has 4 rows and y has the shape .3,., so x.3. has no label"),
        (
            np.eye(4),
            [0, 1, 1, 0.5],
            4,
            "y.3. is 0.5 .* and a whole number, 0 or more, was expected",
        ),
        (np.eye(4), [[0], [1], [1], [0]], 4, "one class number a row"),
        (np.eye(4) * np.nan, [0, 1, 1, 0], 4, "x.0, 0. is nan"),
        (np.eye(4), [0, 1, 1, 0], 1, "n_pairs is a whole number, 2 or more, and got 1"),
    ],
    ids=["one class", "one of each", "rows", "fraction", "column", "nan", "one pair"],
)
def test_what_cannot_be_paired(x, y, n_pairs, message):
    with pytest.raises(InputError, match=message):
        same_or_different(x, np.array(y), n_pairs)


def test_no_rows():
    with pytest.raises(InputError, match="the examples: y has no rows, and pairs need two or more"):
        draw_pairs([], 4)


def test_pairs_that_fit_into_no_memory(blobs):
    with pytest.raises(InputError, match="1000000000000 pairs: .* GB of memory .* or draw_pairs"):
        same_or_different(blobs.train.x, blobs.train.y, 10**12)


def test_odd_seed():
    with pytest.raises(InputError, match="seed is a whole number, 0 or more, and got -1"):
        draw_pairs(Y, 4, seed=-1)
