"""Settings."""

import pytest

from dnn_tf.runs import Settings
from dnn_tf.types import InputError


def test_the_defaults_are_the_documents_example():
    settings = Settings()
    assert (settings.hidden, settings.activation) == ((300, 100), "relu")
    assert (settings.learning_rate, settings.batch_size, settings.epochs) == (0.01, 50, 40)
    assert settings.clip_value is None
    assert (settings.optimizer, settings.schedule) == ("gradient_descent", None)


def test_words_for_numbers():
    settings = Settings(batch_size="all", learning_rate="auto")
    assert (settings.batch_size, settings.learning_rate) == ("all", "auto")


def test_the_last_seeds():
    assert Settings(seed=2**32 - 2, starts=2).starts == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"epochs": 0}, "epochs is a whole number, 1 or more"),
        ({"batch_size": -5}, "batch_size is a whole number, 1 or more"),
        ({"learning_rate": 0.0}, "learning_rate is a finite number above 0"),
        ({"learning_rate": float("nan")}, "learning_rate is a finite number above 0"),
        ({"clip_value": float("inf")}, "clip_value is a finite number above 0"),
        ({"hidden": (300, 0)}, "hidden2 is a whole number, 1 or more, and got 0"),
        ({"hidden": (3.5,)}, "hidden1 is a whole number"),
        ({"dropout": 1.0}, "dropout is a number from 0 up to and without 1, and got 1.0"),
        ({"dropout_inputs": -0.1}, "dropout_inputs is a number from 0"),
        ({"average": 1}, "average is a number from 0 up to and without 1"),
        ({"l1": -1.0}, "l1 is a finite number, 0 or more"),
        ({"weight_decay": "0.1"}, "weight_decay is a finite number"),
        ({"threshold": -1}, "threshold is a finite number"),
        ({"max_norm": 0}, "max_norm is a finite number above 0"),
        ({"min_update": 0}, "min_update is a finite number above 0"),
        ({"early_stopping": 0}, "early_stopping is a whole number, 1 or more"),
        ({"max_steps": 1.5}, "max_steps is a whole number"),
        ({"starts": 0}, "starts is a whole number"),
        ({"gradient_accumulation_steps": 0}, "gradient_accumulation_steps is a whole number"),
        ({"batch_size": "most"}, "batch_size is a whole number, 1 or more, and got 'most'"),
        ({"learning_rate": "best"}, "learning_rate is a finite number above 0, and got 'best'"),
        ({"clip_norm": 0}, "clip_norm is a finite number above 0"),
        ({"clip_value": 1.0, "clip_norm": 1.0}, "clip_value and clip_norm are two ways to clip"),
        ({"watch_clipping": True}, "there is none: give clip_value, clip_norm or clip_global"),
        ({"schedule_options": {"power": 2}}, "power: options of a schedule, and there is none"),
        ({"optimizer_options": [1]}, "optimizer_options is a dict of options"),
        ({"hidden": 3}, "hidden is a tuple"),
        ({"epochs": 1.5}, "epochs is a whole number"),
        ({"epochs": "3"}, "epochs is a whole number"),
        ({"learning_rate": None}, "learning_rate is a finite number"),
        ({"seed": None}, "seed is a whole number"),
        ({"layer": "conv"}, "layer is one of neuron, dense"),
        ({"seed": -1}, "seed is a whole number from 0"),
        ({"seed": 2**32 - 1, "starts": 2}, "2 starts count up from seed 4294967295"),
        ({"batch_size": "all", "gradient_accumulation_steps": 2}, "take more than all rows"),
    ],
)
def test_what_cannot_be_trained_with(changes, words):
    with pytest.raises(InputError, match=words):
        Settings(**changes)
