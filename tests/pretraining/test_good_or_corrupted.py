"""Examples that are whole, and examples that are not."""

import numpy as np
import pytest

import dnn_tf
from dnn_tf import transfer
from dnn_tf.data import memory
from dnn_tf.pretraining import good_or_corrupted
from dnn_tf.pretraining.good_or_corrupted import _corrupted, mixed, noisy, permuted
from dnn_tf.types import InputError

X = np.arange(60.0).reshape(6, 10)
ALL = np.arange(6)
CORRUPTIONS = ["mix", "permute", "noise"]


def rng():
    return np.random.default_rng(1)


def test_permuted_rows_keep_their_values():
    out = permuted(X, ALL, 0.4, rng())
    np.testing.assert_array_equal(np.sort(out, axis=1), X)
    assert ((out != X).sum(axis=1) == 4).all()  # none of the four is back in its place


def test_mixed_rows_have_one_run_of_another_row():
    for row, out in zip(X, mixed(X, ALL, 0.3, rng()), strict=True):
        places = np.flatnonzero(row != out)
        assert (len(places), np.ptp(places)) == (3, 2)
        other = out[places] - places
        assert (other == other[0]).all()  # one row, and the same places in it


def test_noise_is_in_deviations_of_the_data():
    x = rng().normal(3, 5, size=(500, 100))
    assert (noisy(x, np.arange(500), 0.2, rng()) - x).std() == pytest.approx(0.2 * 5, rel=0.02)


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_each_example_once_as_it_is_and_once_corrupted(corruption):
    data = good_or_corrupted(X, corruption, seed=2)
    good = data.train.x[data.train.y == 1]
    np.testing.assert_array_equal(good[np.argsort(good[:, 0])], X)
    assert (data.train.y == 0).sum() == len(X)
    rows = {tuple(row) for row in X.tolist()}
    assert not any(tuple(row) in rows for row in data.train.x[data.train.y == 0].tolist())
    assert data.class_names == ("corrupted", "good")


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_same_seed_same_data(corruption):
    one, again, other = (good_or_corrupted(X, corruption, seed=seed).train.x for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_what_was_given_stays_as_it_is():
    x = X.copy()
    for corruption in CORRUPTIONS:
        good_or_corrupted(x, corruption)
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


def test_its_lower_layers_serve_a_task_with_few_labels(sample, fit_blobs):
    """The way of the first document, from end to end: 10 labels a class."""
    words = {"optimizer": dnn_tf.optimizers.Adam(0.001), "jit_compile": False, "batch_size": 50}
    network = dnn_tf.models.dnn(784, (100,), 2)
    fit_blobs(network, good_or_corrupted(sample.train.x[:1000], seed=1), epochs=5, **words)

    few = dnn_tf.data.select(sample, per_class=10, seed=1)
    digits = transfer.reuse(network, few.n_classes)
    np.testing.assert_array_equal(digits.layers[1].kernel, network.layers[1].kernel)
    words |= {"optimizer": dnn_tf.optimizers.Adam(0.01), "batch_size": 20}
    history = fit_blobs(digits, few, epochs=20, watch=["test"], **words).history
    assert history["test_accuracy"][-1] > 0.6
    np.testing.assert_array_equal(digits.layers[1].kernel, network.layers[1].kernel)  # frozen


def unchanged(data):
    """How many rows that are called corrupted are among the good ones."""
    good, corrupted = (
        {row.tobytes() for row in data.train.x[data.train.y == label]} for label in (1, 0)
    )
    return len(corrupted & good)


@pytest.mark.parametrize(
    ("corruption", "level"), [("mix", 0.1), ("mix", 0.001), ("permute", 0.003), ("noise", 0.1)]
)
def test_no_digit_that_is_called_corrupted_is_whole(sample, corruption, level):
    """Most bands of so small a size are black in both images."""
    data = good_or_corrupted(sample.train.x[:300], corruption, level=level, seed=1)
    assert unchanged(data) == 0


@pytest.mark.parametrize("corruption", ["mix", "permute"])
def test_bits_that_can_change_do(corruption):
    x = np.unique(rng().integers(2, size=(200, 6)), axis=0)
    x = x[np.ptp(x, axis=1) > 0]  # all 0, or all 1, nothing can be moved
    out = _corrupted(x.astype("float32"), corruption, 0.4, rng())
    assert (out != x).any(axis=1).all()


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_examples_that_nothing_changes(corruption):
    message = rf"x\[0\] is the same after '{corruption}' at the level 0.5 \(6 such rows in all, "
    with pytest.raises(InputError, match=message):
        good_or_corrupted(np.full((6, 10), 7.0), corruption)


def test_one_row_that_cannot_change():
    x = X.copy()
    x[3] = 2
    with pytest.raises(InputError, match=r"x\[3\] is the same after 'permute' .*\(1 such rows"):
        good_or_corrupted(x, "permute")


def test_half_precision_is_enough_for_the_rows_and_not_for_their_deviation():
    x = rng().choice([-60_000, 60_000], size=(300, 10)).astype("float16")
    data = good_or_corrupted(x, "noise", seed=1)
    assert data.train.x.dtype == "float32"
    good = data.train.y == 1
    assert (data.train.x[~good]).std() == pytest.approx(60_000 * np.sqrt(1 + 0.25), rel=0.05)


def test_more_than_fits_into_memory(monkeypatch):
    monkeypatch.setattr(memory, "machine_memory", lambda: 1000)
    with pytest.raises(
        InputError, match="12 examples, whole and corrupted: .* GB of memory are ne"
    ):
        good_or_corrupted(X)


@pytest.mark.parametrize(
    ("x", "words", "message"),
    [
        (X[:1], {}, r"x has the shape \(1, 10\).*two or more samples of two or more features"),
        (X[:, :1], {}, r"x has the shape \(6, 1\).*two or more samples of two or more features"),
        (X.reshape(6, 5, 2), {}, "flatten the samples"),
        (X * np.nan, {}, r"x\[0, 0\] is nan"),
        (X, {"corruption": "salt"}, "corruption is one of permute, noise, mix, and got 'salt'"),
        (X, {"level": 0}, "level is a number above 0, up to 1, and got 0"),
        (X, {"level": 1.5}, "level is a number above 0, up to 1, and got 1.5"),
        (X, {"level": "half"}, "level is a number above 0, up to 1, and got 'half'"),
        (X, {"seed": -1}, "seed is a whole number, 0 or more"),
    ],
    ids=["a row", "a column", "images", "nan", "unknown", "none", "too much", "a word", "seed"],
)
def test_what_cannot_be_used(x, words, message):
    with pytest.raises(InputError, match=message):
        good_or_corrupted(x, **words)
