"""The networks of chapter 10, in short."""

import types

import numpy as np
import pytest

from dnn_tf import models
from dnn_tf.experiments import chapter_10 as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert [row.name for row in outcome.rows if row.ok is not True] == []
    assert [claim.holds for claim in outcome.claims] == [False]  # after few epochs they differ
    assert outcome.figure is not None


def test_settings_of_the_notebook():
    runs = {
        name: (run.cell, run.batch_size, run.make_optimizer().learning_rate.numpy())
        for name, run in page.RUNS.items()
    }
    assert runs == {
        "by hand": (36, 50, pytest.approx(0.01)),
        "dense": (52, 50, pytest.approx(0.01)),
        "Estimator": (23, 50, pytest.approx(0.05)),
    }


def test_stops_where_the_notebook_stopped():
    stop = page.StopAsTheNotebook()
    stop.set_model(types.SimpleNamespace(get_weights=list, stop_training=False))
    for epoch in range(200):
        stop.on_epoch_end(epoch, {"val_loss": page.LOOKS[epoch // 5] if epoch % 5 == 0 else 0.0})
        if stop.model.stop_training:
            break
    assert (epoch, stop.best_epoch, stop.best) == (100, 60, 0.06894)


def test_estimator_sums_the_losses_of_a_batch():
    logits = np.log([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]).astype("float32")
    losses = page.sum_over_batch(np.array([0, 1]), logits)
    np.testing.assert_allclose(losses, -50 * np.log([0.5, 0.8]), rtol=1e-5)


def test_restored_is_the_same():
    network = models.dnn(4, (3,), 2)
    x = np.eye(4, dtype="float32")
    np.testing.assert_array_equal(page.restored(network)(x), network(x))


def test_deviations_of_the_two_starts():
    by_hand, dense = (page.RUNS[name].network(0) for name in ("by hand", "dense"))
    # A normal that is cut at two deviations keeps 0.8796 of them.
    assert page.start(by_hand) == pytest.approx(0.8796 * 2 / np.sqrt(784), rel=0.01)
    assert page.start(dense) == pytest.approx(np.sqrt(2 / (784 + 300)), rel=0.01)
