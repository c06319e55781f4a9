"""Exercise 10 of chapter 11, in short. The long form is `dnn-tf reproduce exercise-10`."""

import keras
import numpy as np
import pytest

from dnn_tf.data import Dataset, Split
from dnn_tf.experiments import exercise_10 as run
from dnn_tf.experiments.setting import Setting
from dnn_tf.pretraining import hidden_network, pair_network

SMALL = {"pairs_a_step": 20, "jit_compile": False}


@pytest.fixture
def short(monkeypatch, sample):
    """Small towers, on two digits that are easily told apart."""
    monkeypatch.setattr(run, "HIDDEN", (30, 20))
    splits = {
        name: Split(split.x[split.y < 2][:300], split.y[split.y < 2][:300])
        for name, split in sample.splits().items()
    }
    return Dataset(**splits, class_names=("0", "1"))


def test_reproduces():
    outcome = run.reproduce(Setting(quick=True))
    assert [row.ok for row in outcome.rows][:3] == [True] * 3
    assert len(list(outcome.claims)) == 1
    assert outcome.figure is not None


def test_settings_of_the_notebook():
    assert run.REFERENCE == {"pairs": 0.9765, "transferred": 0.9654, "scratch": 0.9458}
    assert (run.HIDDEN, run.PAIRS_A_STEP) == ((100,) * 5, 500)
    optimizer = run.nesterov()
    assert float(optimizer.learning_rate) == pytest.approx(0.01)
    assert optimizer.momentum == 0.95


def test_starts_like_tf1():
    """Variance 1 / n_inputs, whatever the notebook calls it."""
    kernel = run.called_he_by_the_notebook()((400, 1000))
    assert np.var(kernel) * 400 == pytest.approx(1, rel=0.02)


def test_all_of_it(short):
    found = run.exercise_10(short, epochs=(8, 3, 3), seed=1, **SMALL)
    assert list(found) == ["pairs", "transferred", "frozen", "scratch"]
    assert found["pairs"] > 0.8
    assert all(found[name] > 0.9 for name in ("transferred", "frozen", "scratch"))


def test_pairs_are_measured_every_five_epochs_and_at_the_end(short):
    network, accuracy = run.learn_pairs(short, epochs=6, seed=3, **SMALL)
    assert len(accuracy) == 2
    assert all(0 <= share <= 1 for share in accuracy)
    again, accuracy = run.learn_pairs(short, epochs=5, seed=3, **SMALL)
    assert len(accuracy) == 1  # once, though the end is due as well
    assert again.input_shape == network.input_shape == (None, 2, 784)


def test_what_measures_is_compiled_once(monkeypatch, short):
    made, make_evaluator = [], run.make_evaluator

    def counted(*args):
        made.append(args)
        return make_evaluator(*args)

    monkeypatch.setattr(run, "make_evaluator", counted)
    _, accuracy = run.learn_pairs(short, epochs=11, seed=3, **SMALL)
    assert (len(made), len(accuracy)) == (1, 3)


def test_behind_the_table_is_the_same_network():
    images = np.random.default_rng(1).normal(size=(9, 6)).astype("float32")
    network = pair_network(6, (4,))
    behind = run.behind_table(network, images)
    rows = np.array([[0, 8], [3, 3]], "int32")
    np.testing.assert_allclose(behind(rows), network(images[rows]), rtol=1e-6)
    assert len(behind.trainable_weights) == len(network.trainable_weights)  # not the images


def test_right_side():
    y, z = np.array([1, 1, 0, 0]), np.array([[2.0], [-2], [-2], [0]])
    assert run.on_right_side(y, z).numpy().tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize("freeze", [True, False], ids=["frozen", "free"])
def test_digits_are_learnt_on_copies(short, freeze):
    hidden = hidden_network(784, (5,))
    before = hidden.get_weights()
    accuracy = run.learn_digits(hidden, short, epochs=2, freeze=freeze, jit_compile=False)
    assert len(accuracy) == 2
    for one, other in zip(before, hidden.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_same_seed_same_run(short):
    one, other = (
        run.learn_pairs(short, epochs=1, seed=3, **SMALL)[0].get_weights() for _ in range(2)
    )
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)
    assert isinstance(run.nesterov(), keras.optimizers.Optimizer)
