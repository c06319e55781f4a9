"""Digits 0 to 4, in short. All of it takes minutes: `dnn-tf reproduce exercise-8` runs it."""

import keras
import numpy as np
import pytest

from dnn_tf.experiments import exercise_8 as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert [row.ok for row in outcome.rows] == [None, True, True, None, True, None, True]
    assert len(list(outcome.claims)) == 3
    assert outcome.figure is not None


def layers_of(recipe):
    return [type(layer).__name__ for layer in page.network(recipe, 6).layers[1:]]


def test_networks_are_the_notebooks():
    assert layers_of(page.RECIPES[page.ELU]) == ["NeuronLayer", "Activation"] * 5 + ["NeuronLayer"]
    normalised = ["NeuronLayer", "BatchNorm", "Activation"]
    assert layers_of(page.RECIPES[page.NORMALISED]) == normalised * 5 + ["NeuronLayer"]
    dropped = ["Dropout", "NeuronLayer", "Activation"]  # the pixels, and nothing after the last
    assert layers_of(page.RECIPES[page.DROPPED]) == dropped * 5 + ["NeuronLayer"]
    network = page.network(page.RECIPES[page.PLAIN], 6)
    assert [layer.units for layer in network.layers if hasattr(layer, "units")] == [140] * 5 + [5]
    leaky = network.layers[2]
    assert leaky(np.array([[-1.0, 2.0]])).numpy() == pytest.approx(np.array([[-0.1, 2.0]]))


def test_the_best_epoch_counts():
    history = {"val_loss": [2.0, 1.0, 3.0], "test_accuracy": [0.1, 0.2, 0.9]}
    assert page.Run(keras.Model(), history).test == 0.2


def test_claims_are_computed():
    found = {page.PLAIN: [0.980, 0.981, 0.982], page.ON_TRAIN: [0.990, 0.992, 0.991],
             page.NORMALISED: [0.970, 0.972, 0.971],
             page.DROPPED: [0.970, 0.999, 0.980]}  # fmt: skip
    assert [claim.holds for claim in page.claims(found)] == [True, False, None]


def test_collapsed():
    """Of five digits, guessing has a fifth right."""
    runs = [page.Run(keras.Model(), {"val_accuracy": [0.97, last]}) for last in (0.2, 0.95, 0.21)]
    row = page.collapsed(runs)
    assert (row.measured, row.ok) == (2, True)
    assert page.collapsed(runs[1:2]).ok is False
