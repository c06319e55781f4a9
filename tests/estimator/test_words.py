import numpy as np
import pytest

from dnn_tf import optimizers
from dnn_tf.estimator.words import Words
from dnn_tf.types import InputError


def test_what_a_search_may_give_is_taken():
    words = Words(
        hidden=[20], optimizer=optimizers.Momentum(), learning_rate=np.float64(0.1),
        batch_size="all", epochs=np.int64(3), early_stopping=2, dtype="float32", jit_compile=True,
    )  # fmt: skip
    assert words.epochs == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"hidden": 3}, "hidden is a sequence of whole numbers, one a layer, and got 3"),
        ({"hidden": (5, 0)}, "hidden2 is a whole number, 1 or more, and got 0"),
        ({"dropout": 1.5}, "^dropout is a number from 0 up to and without 1, and got 1.5"),
        ({"dropout": "half"}, "^dropout is a number from 0 up to and without 1, and got 'half'"),
        ({"l1": -1}, "l1 is a finite number, 0 or more, and got -1"),
        ({"l2": "a"}, "l2 is a finite number, 0 or more, and got 'a'"),
        ({"optimizer": 3}, "optimizer is a name, such as 'adam', or a Keras optimiser, and got 3"),
        ({"learning_rate": 0}, "learning_rate is a finite number above 0, and got 0"),
        ({"clip_norm": -1}, "clip_norm is a finite number above 0, and got -1"),
        ({"clip_norm": 1, "clip_value": 1}, "clip_value and clip_norm are two ways to clip"),
        ({"batch_size": "some"}, "batch_size is a whole number or 'all', and got 'some'"),
        ({"batch_size": 0}, "batch_size is a whole number, 1 or more, and got 0"),
        ({"epochs": 1.5}, "epochs is a whole number, 1 or more, and got 1.5"),
        ({"early_stopping": True}, "early_stopping is a number of epochs .* got True: give 5, say"),
        ({"early_stopping": 0}, "early_stopping is a whole number, 1 or more, and got 0"),
        ({"validation_fraction": 0}, "validation_fraction is a finite number above 0"),
        ({"validation_fraction": 1.0}, "validation_fraction is a number from 0 up to and without"),
        ({"dtype": "float16"}, "dtype is one of float32, float64, and got 'float16'"),
        ({"jit_compile": "yes"}, "jit_compile is True, False or 'auto', and got 'yes'"),
    ],
)
def test_what_cannot_be_is_told(given, message):
    with pytest.raises(InputError, match=message):
        Words(**given)
