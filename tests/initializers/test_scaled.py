"""The rules, and how they differ."""

import numpy as np
import pytest

from dnn_tf import initializers
from dnn_tf.initializers import scaled
from dnn_tf.types import InputError


def test_by_hand():
    """I2, I3: with 8 inputs and 24 outputs."""
    assert scaled.xavier_variance(8, 24) == 1 / 16
    assert scaled.he_variance(8, 24) == 1 / 4
    assert scaled.he_average_variance(8, 24) == 1 / 8
    assert scaled.lecun_variance(8, 24) == 1 / 8


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("xavier_uniform", np.sqrt(6 / 80)),
        ("he_uniform", np.sqrt(6 / 30)),
        ("he_average_uniform", np.sqrt(12 / 80)),
        ("lecun_uniform", np.sqrt(3 / 30)),
    ],
)
def test_limits_of_the_uniform_ones(name, limit):
    largest = max(np.abs(initializers.get(name)((30, 50))).max() for _ in range(20))
    assert 0.999 * limit < largest <= limit


def test_normals_are_whole():
    """Keras cuts them off at two standard deviations."""
    draws = initializers.HeNormal(seed=0)((300, 300)).numpy() / np.sqrt(2 / 300)
    assert np.mean(np.abs(draws) > 2) == pytest.approx(0.0455, rel=0.05)


def test_a_convolution_counts_its_window():
    assert np.std(initializers.HeNormal(seed=0)((5, 5, 8, 64))) == pytest.approx(
        np.sqrt(2 / 200), rel=0.03
    )


@pytest.mark.parametrize("stddev", [-1, float("nan")])
def test_stddev(stddev):
    with pytest.raises(InputError, match="stddev is a finite number, 0 or more"):
        initializers.PlainNormal(stddev)
