"""An epoch over the rows of a split."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.data import Split
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers import GradientDescent
from dnn_tf.training.phase import Phase


def label(y, z):
    return y + 0 * z[:, 0]


def one(y, z):
    return tf.ones_like(y)


def row_recorder(model, n, batch_size, **options):
    """A phase whose loss is the label, so that its total tells which rows were used."""
    train = Split(np.zeros((n, 6), "float32"), np.arange(n, dtype="float32"))
    phase = Phase(model, train, label, GradientDescent(), None, [one], jit_compile=False)
    for name, value in options.items():
        setattr(phase, name, value)
    told = []
    taken = phase.epoch(np.random.default_rng(0).permutation(n), batch_size, told.append)
    assert told[-1] is taken
    return told


@pytest.mark.parametrize("batch_size", [1, 7, 10, 30, 31, 100])
def test_every_row_once_whatever_the_batch(small_model, batch_size):
    *_, taken = row_recorder(small_model, 30, batch_size)
    np.testing.assert_allclose(taken.totals, [sum(range(30)), 30], rtol=1e-6)
    assert (taken.rows, taken.steps) == (30, -(-30 // batch_size))


def test_what_is_told_between_two_steps(small_model):
    told = row_recorder(small_model, 30, 7, _steps_a_call=1)
    assert told[0].steps == 1
    assert all(taken.rows == min(7 * taken.steps, 30) == taken.totals[1] for taken in told)


@pytest.mark.parametrize("broken_off", [1, 4, 5])
def test_goes_on_where_it_was_broken_off(small_model, monkeypatch, broken_off):
    """30 rows in steps of 7: four full ones, and one of 2 rows."""
    monkeypatch.setattr("dnn_tf.training.phase.SECONDS_A_CALL", 0)
    whole = row_recorder(small_model, 30, 7, _steps_a_call=1)
    train = Split(np.zeros((30, 6), "float32"), np.arange(30, dtype="float32"))
    phase = Phase(small_model, train, label, GradientDescent(), None, [one], jit_compile=False)
    order, told = np.random.default_rng(0).permutation(30), []
    taken = phase.epoch(order, 7, told.append, whole[broken_off - 1])
    assert (taken.steps, taken.rows) == (5, 30)
    np.testing.assert_array_equal(taken.totals, whole[-1].totals)
    assert [each.steps for each in told][-1:] == ([5] if broken_off < 5 else [])


def test_how_an_epoch_is_cut_shows_in_no_result(blobs, small_model, monkeypatch):
    start, results = small_model.get_weights(), []
    for steps_a_call in (1, 4, 1000):
        monkeypatch.setattr("dnn_tf.training.phase.SECONDS_A_CALL", 0 if steps_a_call == 1 else 9)
        small_model.set_weights(start)
        loss = sparse_softmax_cross_entropy
        phase = Phase(small_model, blobs.train, loss, GradientDescent(0.1), jit_compile=False)
        phase._steps_a_call = steps_a_call
        taken = phase.epoch(np.arange(90), 8, lambda taken: None)
        results.append([taken.totals, *small_model.get_weights()])
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(a, b)
