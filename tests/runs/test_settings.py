"""Settings."""

import pytest

from dnn_tf.runs import Settings
from dnn_tf.types import InputError


def test_the_defaults_are_the_documents_example():
    settings = Settings()
    assert (settings.hidden, settings.activation) == ((300, 100), "relu")
    assert (settings.learning_rate, settings.batch_size, settings.epochs) == (0.01, 50, 40)
    assert settings.clip_value is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"epochs": 0}, "epochs is a whole number, 1 or more"),
        ({"batch_size": -5}, "batch_size is a whole number, 1 or more"),
        ({"learning_rate": 0.0}, "learning_rate is a finite number above 0"),
        ({"learning_rate": float("nan")}, "learning_rate is a finite number above 0"),
        ({"clip_value": float("inf")}, "clip_value is a finite number above 0"),
        ({"hidden": (300, 0)}, "1 neuron or more"),
        ({"hidden": (3.5,)}, "1 neuron or more"),
        ({"hidden": 3}, "hidden is a tuple"),
        ({"epochs": 1.5}, "epochs is a whole number"),
        ({"epochs": "3"}, "epochs is a whole number"),
        ({"learning_rate": None}, "learning_rate is a finite number"),
        ({"seed": None}, "seed is a whole number"),
        ({"layer": "conv"}, "layer is one of neuron, dense"),
        ({"seed": -1}, "seed is a whole number from 0"),
    ],
)
def test_what_cannot_be_trained_with(changes, words):
    with pytest.raises(InputError, match=words):
        Settings(**changes)
