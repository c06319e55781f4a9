"""Training an RBM."""

import importlib

import keras
import numpy as np
import pytest

from dnn_tf.data import memory
from dnn_tf.initializers import PlainNormal
from dnn_tf.layers import RBM
from dnn_tf.pretraining import fit_rbm
from dnn_tf.pretraining.fit_rbm import drawn_rows
from dnn_tf.pretraining.rbm_trainer import RBMTrainer
from dnn_tf.types import DivergenceError, InputError

module = importlib.import_module("dnn_tf.pretraining.fit_rbm")

pytestmark = pytest.mark.usefixtures("module_without_xla")


def new_rbm(units=3, visible="binary", **words):
    return RBM(units, visible, PlainNormal(0.01, seed=1), **words)


@pytest.mark.parametrize("cd_steps", [1, 3])
def test_raises_the_exact_log_likelihood(exact, bars, cd_steps):
    rbm = new_rbm()
    fit_rbm(rbm, bars, epochs=1, batch_size=10, learning_rate=1e-6, seed=1)
    before = exact(rbm).log_likelihood(bars)  # that of units that know nothing of one another
    fit_rbm(rbm, bars, epochs=100, batch_size=10, cd_steps=cd_steps, sample_visible=True, seed=1)
    after = exact(rbm).log_likelihood(bars)
    best = -1.5 * np.log(2)  # minus the entropy of the data, 1/2 1/4 1/4
    assert before < -2.2
    assert best - 0.1 < after < best


def test_gaussian_units_find_two_clusters():
    rng = np.random.default_rng(1)
    x = np.where(rng.random((500, 1)) < 0.5, 1, -1) * np.ones(4) + 0.3 * rng.normal(size=(500, 4))
    x = (x - x.mean(0)) / x.std(0)
    history = fit_rbm(
        new_rbm(2, "gaussian"), x, epochs=30, batch_size=10, learning_rate=0.01, seed=1
    )
    assert history["reconstruction_error"][0] > 0.8
    assert history["reconstruction_error"][-1] < 0.3
    assert history["free_energy"][-1] < history["free_energy"][0]


def test_history_tells_of_the_rows_held_out(bars):
    history = fit_rbm(new_rbm(), bars, validation=bars, epochs=3, batch_size=7, seed=1)
    assert sorted(history) == [
        "free_energy", "reconstruction_error", "val_free_energy", "val_reconstruction_error",
    ]  # fmt: skip
    assert all(len(values) == 3 and np.isfinite(values).all() for values in history.values())
    assert history["free_energy"] == history["val_free_energy"]  # the same rows


@pytest.mark.parametrize("n_held_out", [None, 50])
def test_rows_in_class_order_are_measured_as_shuffled_ones(monkeypatch, n_held_out):
    """Two kinds of rows, one after the other: the first ones are all of one kind."""
    monkeypatch.setattr(module, "MEASURED_ROWS", 50)
    x = np.repeat([[1.0, 1, 1, 0, 0, 0], [0, 0, 0, 0, 0, 1]], 500, axis=0)
    held_out = None if n_held_out is None else x[:: 1000 // n_held_out]
    rbm = new_rbm()
    history = fit_rbm(rbm, x, validation=held_out, epochs=3, batch_size=20, seed=1)
    of_all, of_first = (float(keras.ops.mean(rbm.free_energy(rows))) for rows in (x, x[:50]))
    assert abs(of_first - of_all) > 0.2
    assert history["free_energy"][-1] == pytest.approx(of_all, abs=abs(of_first - of_all) / 3)


def test_measured_rows_are_drawn_by_the_seed():
    x = np.arange(100).reshape(100, 1)
    one, again, other = (drawn_rows(x, 10, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)
    assert len(np.unique(one)) == 10


def test_free_energy_is_that_of_the_trained_rbm(bars):
    rbm = new_rbm()
    history = fit_rbm(rbm, bars, epochs=1, seed=1)
    expected = float(keras.ops.mean(rbm.free_energy(bars.astype("float32"))))
    assert history["free_energy"] == [pytest.approx(expected)]


def trained_weights(bars, seed, **words):
    rbm = new_rbm()
    fit_rbm(rbm, bars, epochs=1, batch_size=20, seed=seed, **words)
    return np.concatenate([w.ravel() for w in rbm.get_weights()])


def test_same_seed_same_bits(bars):
    one, again, other = (trained_weights(bars, seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_under_xla(bars):
    """It draws other numbers than a graph does, and learns as well."""
    history = fit_rbm(new_rbm(), bars, epochs=30, batch_size=20, seed=5, jit_compile=True)
    assert history["reconstruction_error"][-1] < history["reconstruction_error"][0] / 2


def test_without_a_seed_it_is_drawn_from_numpy(bars):
    histories = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        histories.append(fit_rbm(new_rbm(), bars, epochs=1))
    assert histories[0] == histories[1]


def test_visible_bias_starts_by_the_data(bars):
    rbm = new_rbm()
    fit_rbm(rbm, bars, epochs=1, learning_rate=1e-9, seed=1)
    expected = np.log([76, 76, 51, 51]) - np.log([26, 26, 51, 51])
    np.testing.assert_allclose(rbm.visible_bias, expected, rtol=1e-6, atol=1e-6)


def test_a_built_rbm_goes_on_from_where_it_is(tiny_rbm, bars):
    before = tiny_rbm.get_weights()
    fit_rbm(tiny_rbm, bars, epochs=1, learning_rate=1e-9, seed=1)
    for one, other in zip(before, tiny_rbm.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_momentum_is_a_half_for_five_epochs(bars):
    """So a momentum of 0.9 shows from the sixth on, and one of 0.3 from the first."""

    def kernels(momentum, epochs):
        rbm = new_rbm()
        fit_rbm(rbm, bars, epochs=epochs, momentum=momentum, seed=1)
        return rbm.kernel.numpy()

    np.testing.assert_array_equal(kernels(0.9, 5), kernels(0.5, 5))
    assert not np.array_equal(kernels(0.9, 6), kernels(0.5, 6))
    assert not np.array_equal(kernels(0.3, 5), kernels(0.5, 5))


def test_divergence_is_told_and_undone():
    x = np.random.default_rng(1).normal(size=(40, 3))
    rbm = new_rbm(2, "gaussian")
    with pytest.raises(
        DivergenceError, match="step 1 of epoch 1 .* lower the learning rate, or st"
    ):
        fit_rbm(rbm, x, epochs=9, batch_size=4, learning_rate=1e6, seed=1)
    assert all(np.isfinite(weight).all() for weight in rbm.get_weights())


def test_divergence_of_binary_units_shows_in_the_weights(bars):
    """Sigmoids keep every number finite."""
    rbm = new_rbm()
    with pytest.raises(DivergenceError, match="step 1 of epoch 1 .* lower the learning rate$"):
        fit_rbm(rbm, bars, epochs=9, batch_size=4, learning_rate=1e6, seed=1)
    assert np.abs(rbm.kernel).max() < 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e6])
def test_an_rbm_that_arrives_broken(tiny_rbm, bars, bad):
    tiny_rbm.kernel.assign(np.full((4, 3), bad))
    with pytest.raises(InputError, match="arrives with a weight that is NaN, infinite or larger"):
        fit_rbm(tiny_rbm, bars)


@pytest.mark.parametrize("scale", [70.0, 0.01])
def test_features_that_were_not_standardised(scale):
    x = scale * np.random.default_rng(1).normal(size=(200, 3)) * [1, 0.5, 0]
    with pytest.warns(UserWarning, match=r"largest deviation of a feature is .* .feature 0.*stand"):
        fit_rbm(new_rbm(2, "gaussian"), x, epochs=1, learning_rate=1e-9, seed=1)


def test_seed_of_numpy(bars):
    one, other = (trained_weights(bars, seed) for seed in (3, np.int64(3)))
    np.testing.assert_array_equal(one, other)


def test_a_memory_map_is_not_copied_on_the_host(monkeypatch, tmp_path, bars):
    np.save(tmp_path / "x.npy", bars.astype("float32"))
    x = np.load(tmp_path / "x.npy", mmap_mode="r")
    taken = []

    class Trainer(RBMTrainer):
        def __init__(self, rbm, x, *others):
            taken.append(x)
            super().__init__(rbm, x, *others)

    monkeypatch.setattr(module, "RBMTrainer", Trainer)
    fit_rbm(new_rbm(), x, epochs=1, seed=1)
    assert np.shares_memory(taken[0], x)


def test_rows_that_fit_into_no_memory(monkeypatch, bars):
    monkeypatch.setattr(memory, "machine_memory", lambda: 1000)
    with pytest.raises(InputError, match="100 rows on the device: 1.6e-06 GB of memory are needed"):
        fit_rbm(new_rbm(), bars)


def test_more_rows_a_step_than_there_are(bars):
    assert len(fit_rbm(new_rbm(), bars, epochs=2, batch_size=1000, seed=1)["free_energy"]) == 2


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16", "float64"])
def test_other_precisions(bars, policy):
    rbm = new_rbm(dtype=policy)
    history = fit_rbm(rbm, bars, validation=bars, epochs=20, batch_size=10, seed=1)
    assert history["reconstruction_error"][-1] < history["reconstruction_error"][0]
    assert rbm.kernel.dtype == ("float64" if policy == "float64" else "float32")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"epochs": 0}, "epochs is a whole number, 1 or more"),
        ({"batch_size": 0}, "batch_size is a whole number, 1 or more"),
        ({"cd_steps": 0}, "cd_steps is a whole number, 1 or more"),
        ({"learning_rate": 0}, "learning_rate is a finite number above 0"),
        ({"momentum": 1.0}, "momentum is a number from 0 up to and without 1"),
        ({"weight_decay": -1}, "weight_decay is a finite number, 0 or more"),
        ({"seed": -1}, "seed is a whole number from 0"),
        (
            {"validation": np.zeros((3, 5))},
            "validation: a sample has 5 features, and in x it has 4",
        ),
        ({"validation": np.full((3, 4), 2)}, "validation: x.0, 0. is 2, and binary visible units"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_cannot_be_used(bars, words, message):
    rbm = new_rbm()
    with pytest.raises(InputError, match=message):
        fit_rbm(rbm, bars, **words)
    assert not rbm.built


@pytest.mark.parametrize("bad", [np.nan, 1.5])
def test_rows_that_are_no_probabilities(bars, bad):
    bars[3, 2] = bad
    with pytest.raises(InputError, match=r"x: x\[3, 2\] is"):
        fit_rbm(new_rbm(), bars)


def test_another_layer():
    with pytest.raises(InputError, match=r"a layers.RBM was expected, and got Dense"):
        fit_rbm(keras.layers.Dense(3), np.zeros((2, 2)))


def test_learns_digits(sample):
    history = fit_rbm(RBM(50), sample.train.x[:1000], epochs=3, batch_size=20, seed=1)
    assert history["reconstruction_error"][-1] < 0.06
