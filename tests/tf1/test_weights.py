"""The numbers of a layer."""

import numpy as np
import pytest

from dnn_tf.tf1.network import Part
from dnn_tf.tf1.weights import layer_weights
from dnn_tf.types import InputError

DENSE = Part("hidden1", {"kernel": "kernel", "bias": "bias"})
NORM = Part("bn", {"gamma": None, "beta": None, "moving_mean": "mean", "moving_variance": "var"})


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_any_precision_becomes_float32(dtype):
    values = layer_weights(DENSE, {"kernel": np.ones((4, 3), dtype), "bias": np.ones(3, dtype)})
    assert [(value.dtype.name, value.shape) for value in values] == [
        ("float32", (4, 3)),
        ("float32", (3,)),
    ]


def test_what_is_not_there_changes_nothing():
    gamma, beta, mean, variance = layer_weights(NORM, {"mean": np.ones(3), "var": np.full(3, 2.0)})
    assert [gamma.tolist(), beta.tolist()] == [[1, 1, 1], [0, 0, 0]]
    assert [mean.tolist(), variance.tolist()] == [[1, 1, 1], [2, 2, 2]]


def test_a_bias_of_one_row_becomes_a_vector():
    values = layer_weights(DENSE, {"kernel": np.ones((4, 3)), "bias": np.ones((1, 3))})
    assert values[1].shape == (3,)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_numbers_that_are_not_finite_in_float32(value):
    kernel = np.ones((4, 3))
    kernel[1, 2] = value
    with pytest.raises(InputError, match=r"kernel holds NaN or infinity \(1 of 12 numbers\)"):
        layer_weights(DENSE, {"kernel": kernel, "bias": np.ones(3)})


def test_a_variance_below_0():
    with pytest.raises(InputError, match=r"var holds -1, and a variance is 0 or more"):
        layer_weights(NORM, {"mean": np.ones(3), "var": np.array([1.0, -1.0, 2.0])})
