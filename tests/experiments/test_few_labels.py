"""Few labels, in short. The long form is `dnn-tf reproduce few-labels`."""

import numpy as np
import pytest

from dnn_tf.experiments import few_labels as run
from dnn_tf.experiments.setting import Setting


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(run, "HIDDEN", (20, 10))


def test_reproduces():
    outcome = run.reproduce(Setting(quick=True))
    assert [row.ok for row in outcome.rows] == [None] * 5 + [True]
    assert len(list(outcome.claims)) == 1
    assert outcome.figure is not None


@pytest.mark.usefixtures("short")
def test_every_start_is_scored_frozen_and_fine_tuned(sample):
    starts = ["sigmoid, RBMs", "ELU, nothing learnt"]
    scores = run.few_labels(
        sample, per_class=10, epochs=2, epochs_without_labels=1, starts=starts, jit_compile=False
    )
    assert list(scores) == starts
    for by_way in scores.values():
        assert sorted(by_way) == ["fine-tuned", "frozen"]
        assert all(0 < score.stopped < 1 and 0 < score.last < 1 for score in by_way.values())


def test_a_claim_needs_more_than_chance():
    plain, learnt = run.RBMS
    found = {f"{plain}, fine-tuned": [0.5, 0.6], f"{learnt}, fine-tuned": [0.7, 0.5]}
    assert run.gains(found, run.RBMS, "fine-tuned") == pytest.approx([0.2, -0.1])
    assert run.helped(found, run.RBMS, "RBMs").holds is None
    found[f"{plain}, fine-tuned"] = [0.70, 0.50, 0.60]
    found[f"{learnt}, fine-tuned"] = [0.71, 0.51, 0.61]
    assert run.helped(found, run.RBMS, "RBMs").holds is True


@pytest.mark.parametrize("name", run.STARTS)
def test_starts_are_the_same_network_but_for_what_was_learnt(short, name):
    x = np.random.default_rng(1).uniform(size=(50, 8)).astype("float32")
    network = run.STARTS[name](x, 1, 1)
    assert [layer.name for layer in network.layers] == ["X", "hidden1", "hidden2"]
    assert network.output_shape == (None, 10)
    activation = network.get_layer("hidden1").activation.__name__
    assert activation == name.split(",")[0].lower()


def test_stops_where_the_validation_loss_is_least(monkeypatch, sample):
    class Told:
        history = {"test_accuracy": [0.1, 0.9, 0.5], "val_loss": [3.0, 2.0, 2.5]}

    monkeypatch.setattr(run, "fit", lambda *args, **words: Told)
    hidden = run.STARTS["ELU, nothing learnt"](sample.train.x, 1, 1)
    assert run._score(hidden, sample, True, 3, 1, True) == run.Score(stopped=0.9, last=0.5)
