"""Half a cosine."""

import keras
import numpy as np
import pytest

from dnn_tf.schedules import CosineDecay
from dnn_tf.types import InputError

#   rate     peak           _
#                         /   \
#                       /       \
#            peak * alpha         `_____
#   step               0  30     120


def test_defaults_are_those_of_keras():
    ours = CosineDecay(0.5, 10).get_config()
    theirs = keras.optimizers.schedules.CosineDecay(0.5, 10).get_config()
    assert ours == {word: value for word, value in theirs.items() if word != "name"}


def test_it_stays_where_it_ends():
    rates = np.array(CosineDecay(1.0, 50, alpha=0.25)(np.arange(100)))
    assert (np.diff(rates[:51]) < 0).all()
    assert (rates[50:] == np.float32(0.25)).all()


def test_warm_up_from_0_is_a_straight_line_and_meets_the_cosine():
    rates = np.array(CosineDecay(0.0, 90, warmup_target=0.6, warmup_steps=30)(np.arange(121)))
    np.testing.assert_allclose(rates[:31], 0.02 * np.arange(31), rtol=1e-6)
    assert rates.argmax() == 30
    assert rates[120] == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"initial_learning_rate": 0}, "initial_learning_rate is a finite number above 0"),
        ({"decay_steps": 0}, "decay_steps is a whole number, 1 or more, and got 0"),
        ({"alpha": -0.1}, "alpha is a finite number, 0 or more, and got -0.1"),
        ({"warmup_steps": -1}, "warmup_steps is a whole number, 0 or more, and got -1"),
        ({"warmup_steps": 5}, "warmup_target=None with warmup_steps=5: a warm-up needs both"),
        ({"warmup_target": 1.0}, "warmup_target=1.0 with warmup_steps=0: .*or neither"),
        (
            {"warmup_target": 0, "warmup_steps": 5},
            "warmup_target is a finite number above 0, and got 0",
        ),
        (
            {"initial_learning_rate": -1, "warmup_target": 1, "warmup_steps": 5},
            "initial_learning_rate is a finite number, 0 or more, and got -1",
        ),
    ],
)
def test_what_it_refuses(options, message):
    with pytest.raises(InputError, match=message):
        CosineDecay(**{"initial_learning_rate": 0.1, "decay_steps": 100} | options)
