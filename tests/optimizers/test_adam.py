"""Adam."""

import numpy as np
import pytest

from dnn_tf.optimizers import Adam
from dnn_tf.optimizers.adam import adam_update
from dnn_tf.types import InputError


def update(g, m, v, t):
    return adam_update(g, m, v, t, 0.1, 0.9, 0.999, 1e-8, "outside")


@pytest.mark.parametrize("gradient", [1e-3, 5.0, -300.0])
def test_the_first_step_is_the_rate_against_the_sign(walk, gradient):
    assert walk(Adam(0.1), gradient, steps=1)[0] == pytest.approx(
        1 - 0.1 * np.sign(gradient), rel=1e-3
    )


def test_the_memory_goes_on_uncorrected():
    """O11: m <- m / (1 - beta_1^t), in place, would be carried into the next step."""
    _, m, v = update(2.0, 0.0, 0.0, 1)
    assert m == pytest.approx(0.2)
    assert v == pytest.approx(0.004)
    good, _, _ = update(2.0, m, v, 2)
    corrupted, _, _ = update(2.0, m / (1 - 0.9), v / (1 - 0.999), 2)
    assert float(good) == pytest.approx(0.1)  # the rate, as long as the gradient is constant
    assert float(corrupted) == pytest.approx(0.02353, rel=1e-3)


def test_without_bias_correction_the_first_step_is_three_times_as_long(walk):
    step = 1 - walk(Adam(0.1, bias_correction=False), 5.0, steps=1)[0]
    assert step == pytest.approx(0.1 * (1 - 0.9) / (1 - 0.999) ** 0.5, rel=1e-4)


def test_where_epsilon_stands(walk):
    """At a first gradient of .01 and an epsilon of .01, by hand."""

    def first(placement):
        optimizer = Adam(1.0, epsilon=0.01, epsilon_placement=placement)
        return 1 - walk(optimizer, 0.01, steps=1)[0]

    assert first("outside") == pytest.approx(0.01 / (0.01 + 0.01))
    assert first("hat") == pytest.approx(0.01 / (0.01 + 0.01 / 0.001**0.5))
    assert first("inside") == pytest.approx(0.01 / (0.0001 + 0.01) ** 0.5)


def test_it_uses_the_squares():
    """E36: a larger mean square, a shorter step."""
    assert update(1.0, 0.0, 1.0, 1)[0] < update(1.0, 0.0, 0.0, 1)[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"beta_1": 1.0}, "^beta_1 is a number from 0 up to and without 1, and got 1.0$"),
        ({"beta_2": -0.1}, "^beta_2 is a number from 0"),
        ({"epsilon": 0}, "^epsilon is a finite number above 0, and got 0$"),
        ({"epsilon_placement": "hut"}, "^epsilon_placement is one of hat, outside, inside, and"),
    ],
)
def test_bad_words(words, message):
    with pytest.raises(InputError, match=message):
        Adam(**words)
