import pytest

from dnn_tf.runs import FineTuneSettings
from dnn_tf.types import InputError


def test_a_list_of_new_layers_becomes_a_tuple():
    assert FineTuneSettings("photos", new_hidden=[20, 10]).new_hidden == (20, 10)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"new_hidden": (0,)}, "new_hidden1 is a whole number, 1 or more"),
        ({"keep": 0}, "keep is a whole number, 1 or more, and got 0"),
        ({"per_class": 0}, "per_class is a whole number, 1 or more"),
        ({"stages": 0}, "stages is a whole number, 1 or more"),
        ({"thaw_layers": -1}, "thaw_layers is a whole number, 1 or more"),
        ({"epochs": 0}, "epochs is a whole number, 1 or more"),
        ({"patience": 0}, "patience is a whole number, 1 or more"),
        ({"batch_size": "all"}, "batch_size is a whole number, 1 or more, and got 'all'"),
        ({"learning_rate": 0}, "learning_rate is a finite number above 0"),
        ({"rate_decay": float("nan")}, "rate_decay is a finite number above 0"),
        ({"average_epochs": -1}, "average_epochs is a finite number, 0 or more"),
        ({"seed": 2**32}, "seed is a whole number from 0 to 4294967295, and got 4294967296"),
        ({"seed": -1}, "seed is a whole number from 0"),
    ],
)
def test_what_cannot_be(words, message):
    with pytest.raises(InputError, match=message):
        FineTuneSettings("photos", **words)
