"""Examples that are whole, and examples that are not."""

import numpy as np
import pytest

import dnn_tf
from dnn_tf.pretraining import good_or_corrupted
from dnn_tf.pretraining.good_or_corrupted import mixed, noisy, permuted
from dnn_tf.types import InputError

X = np.arange(60.0).reshape(6, 10)
WAYS = ["mix", "permute", "noise"]


def rng():
    return np.random.default_rng(1)


def test_permuted_rows_keep_their_values():
    out = permuted(X, 0.4, rng())
    np.testing.assert_array_equal(np.sort(out, axis=1), X)
    assert ((out != X).sum(axis=1) == 4).all()  # none of the four is back in its place


def test_mixed_rows_have_one_run_of_another_row():
    for row, out in zip(X, mixed(X, 0.3, rng()), strict=True):
        places = np.flatnonzero(row != out)
        assert (len(places), np.ptp(places)) == (3, 2)
        other = out[places] - places
        assert (other == other[0]).all()  # one row, and the same places in it


def test_noise_is_in_deviations_of_the_data():
    x = rng().normal(3, 5, size=(500, 100))
    assert (noisy(x, 0.2, rng()) - x).std() == pytest.approx(0.2 * 5, rel=0.02)


@pytest.mark.parametrize("way", WAYS)
def test_each_example_once_as_it_is_and_once_corrupted(way):
    data = good_or_corrupted(X, way, seed=2)
    good = data.train.x[data.train.y == 1]
    np.testing.assert_array_equal(good[np.argsort(good[:, 0])], X)
    assert (data.train.y == 0).sum() == len(X)
    rows = {tuple(row) for row in X.tolist()}
    assert not any(tuple(row) in rows for row in data.train.x[data.train.y == 0].tolist())
    assert data.class_names == ("corrupted", "good")


@pytest.mark.parametrize("way", WAYS)
def test_same_seed_same_data(way):
    one, again, other = (good_or_corrupted(X, way, seed=seed).train.x for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_what_was_given_stays_as_it_is():
    x = X.copy()
    for way in WAYS:
        good_or_corrupted(x, way)
    np.testing.assert_array_equal(x, X)


def test_whole_numbers_become_numbers_with_a_fraction():
    data = good_or_corrupted(X.astype("uint8"), "noise")
    assert data.train.x.dtype == "float32"


def test_can_be_told_apart(sample, fit_blobs):
    data = good_or_corrupted(sample.train.x[:1000], seed=1)
    network = dnn_tf.models.dnn(784, (50,), 2)
    history = fit_blobs(
        network,
        data,
        optimizer=dnn_tf.optimizers.Adam(0.001),
        epochs=5,
        batch_size=50,
        jit_compile=False,
    ).history
    assert history["accuracy"][-1] > 0.75


@pytest.mark.parametrize(
    ("x", "words", "message"),
    [
        (X[:1], {}, r"x has the shape \(1, 10\).*two or more of both"),
        (X[:, :1], {}, r"x has the shape \(6, 1\).*two or more of both"),
        (X.reshape(6, 5, 2), {}, "flatten the samples"),
        (X * np.nan, {}, r"x\[0, 0\] is nan"),
        (X, {"corruption": "salt"}, "corruption is one of permute, noise, mix, and got 'salt'"),
        (X, {"share": 0}, "share is a number above 0, up to 1, and got 0"),
        (X, {"share": 1.5}, "share is a number above 0, up to 1, and got 1.5"),
        (X, {"share": "half"}, "share is a number above 0, up to 1, and got 'half'"),
        (X, {"seed": -1}, "seed is a whole number, 0 or more"),
    ],
    ids=["a row", "a column", "images", "nan", "unknown", "none", "too much", "a word", "seed"],
)
def test_what_cannot_be_used(x, words, message):
    with pytest.raises(InputError, match=message):
        good_or_corrupted(x, **words)
