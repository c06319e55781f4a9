"""Formulas against numbers by hand and against NumPy."""

import numpy as np
import pytest

from dnn_tf.diagnostics.measures import (
    norm,
    off_averages,
    ratio,
    saturated_share,
    size,
    zero_shares,
)


def test_size_and_norm():
    x = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    assert size(x) == pytest.approx(np.sqrt(np.mean(x.astype("float64") ** 2)), rel=1e-12)
    assert norm(x, x) == pytest.approx(np.sqrt(2) * np.linalg.norm(x.astype("float64")))
    assert size(np.array([])) == 0.0
    assert norm() == 0.0


def test_norms_beyond_the_squares_of_single_precision():
    assert norm(np.array([3e30, 4e30], "float32")) == pytest.approx(5e30)


def test_ratio_of_the_unknown():
    assert ratio(None, 1.0) is None
    assert ratio(1.0, None) is None
    assert ratio(0.0, 2.0) == 0.0


@pytest.mark.parametrize(
    ("activation", "function", "edge"),
    [
        ("sigmoid", lambda z: 1 / (1 + np.exp(-z)), 3.636),  # s (1 - s) = 0.025
        ("tanh", np.tanh, 1.818),  # 1 - a^2 = 0.1
        ("softsign", lambda z: z / (1 + np.abs(z)), 2.162),  # (1 + z)^-2 = 0.1
    ],
)
def test_where_saturation_begins(activation, function, edge):
    """The slope by differences is a tenth of its largest there."""
    slope = (function(edge + 1e-6) - function(edge - 1e-6)) / 2e-6
    largest = (function(1e-6) - function(-1e-6)) / 2e-6
    assert slope / largest == pytest.approx(0.1, rel=2e-3)
    z = np.array([-edge - 0.01, -edge + 0.01, edge - 0.01, edge + 0.01])
    assert saturated_share(function(z), activation) == 0.5


@pytest.mark.parametrize("activation", ["relu", "selu", None])
def test_what_has_no_bounds_does_not_saturate(activation):
    assert saturated_share(np.full((2, 2), 100.0), activation) is None


def test_dead_units_of_an_image_are_its_channels():
    x = np.zeros((2, 3, 3, 4))
    x[0, 1, 1, 2] = 1.0
    x[..., 3] = 1.0
    assert zero_shares(x) == (0.5, 0.25)
    assert zero_shares(np.moveaxis(x, -1, 1), channels_first=True) == (0.5, 0.25)


def test_averages_that_are_right():
    x = np.random.default_rng(1).normal(size=(50, 4, 3)) * [1, 2, 3] + 5
    shift, stretch = off_averages(x, x.mean((0, 1)), x.var((0, 1)), 1e-3)
    assert shift == 0
    assert stretch == pytest.approx(1)


def test_a_feature_that_never_changes_is_no_fault():
    """A dead unit below: both variances are 0."""
    x = np.zeros((5, 2))
    assert off_averages(x, np.zeros(2), np.zeros(2), 1e-3) == (0, 1)


def test_a_softmax_saturates_by_its_largest_entry():
    """Each of 200 even shares has a slope of a fiftieth of the largest."""
    assert saturated_share(np.full((3, 200), 1 / 200), "softmax") == 0.0
    assert saturated_share(np.array([[0.98, 0.02], [0.96, 0.04]]), "softmax") == 0.5
    assert saturated_share(np.ones((3, 1)), "softmax") is None
