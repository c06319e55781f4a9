"""The notebook's search. All of it takes half an hour: `benchmarks/search.py` runs it."""

import functools

import keras_tuner
import pytest

from dnn_tf.experiments.exercise_8 import DIGITS, REFERENCE, exercise_8, space
from dnn_tf.training import fit
from dnn_tf.tuning import best, task


def test_the_space_is_the_notebooks():
    hp = keras_tuner.HyperParameters()
    space(hp)
    values = {one.name: one.values for one in hp.space}
    assert values == {
        "n_neurons": [10, 30, 50, 70, 90, 100, 120, 140, 160],
        "batch_size": [10, 50, 100, 500],
        "activation": ["relu", "elu", "leaky_relu 0.01", "leaky_relu 0.1"],
        "learning_rate": [0.01, 0.02, 0.05, 0.1],
    }
    assert REFERENCE == 0.9891


def test_on_the_sample(sample, tmp_path, monkeypatch):
    for module in (task, best):
        monkeypatch.setattr(module, "fit", functools.partial(fit, jit_compile=False))
    result = exercise_8(sample, tmp_path, draws=2, folds=2, epochs=4, progress=False)
    assert [one.status for one in result.trials] == ["completed"] * 2
    assert result.best.score > 0.5
    assert result.measured["test_accuracy"] > 0.9
    assert len(DIGITS) == 5
    assert result.best.score == pytest.approx(max(one.score for one in result.trials))
