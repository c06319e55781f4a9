"""Labels in the shape of the outputs."""

import numpy as np
import pytest
import tensorflow as tf

from conformance.cases import ACTIVATIONS
from dnn_tf import losses
from dnn_tf.alignment import aligned, mean_over_outputs, sum_over_outputs
from dnn_tf.types import InputError


@pytest.mark.parametrize("label_shape", [(3,), (3, 1)])
@pytest.mark.parametrize("output_shape", [(3,), (3, 1)])
def test_one_number_an_example_is_one_output(label_shape, output_shape):
    y, z = aligned(np.arange(3).reshape(label_shape), tf.zeros(output_shape))
    assert y.shape == z.shape == (3, 1)
    found = losses.squared_error(np.arange(3).reshape(label_shape), tf.zeros(output_shape))
    assert found.numpy().tolist() == [0, 1, 4]


@pytest.mark.parametrize(
    ("label_shape", "output_shape"),
    [((3,), (3, 2)), ((3, 4), (3, 2)), ((3, 2, 1), (3, 2)), ((1,), (3, 1))],
)
def test_what_does_not_fit(label_shape, output_shape):
    with pytest.raises(InputError, match="labels of the shape .* do not fit outputs of the shape"):
        aligned(np.zeros(label_shape), tf.zeros(output_shape))


def test_type_of_the_outputs():
    y, z = aligned(np.array([1], "int64"), tf.zeros((1,), tf.float64))
    assert y.dtype == z.dtype == tf.float64


def test_whole_numbers_become_floating():
    """Or a label of 0.5 would be cut to 0."""
    assert losses.mean_squared_error([0.5], [1]).numpy().tolist() == [0.25]


@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS)))
def test_activations_of_whole_numbers(name):
    function = ACTIVATIONS[name].function
    np.testing.assert_allclose(
        function(np.array([-1, 2])), function(np.array([-1.0, 2.0])), rtol=1e-6
    )


def test_sum_and_mean_leave_the_batch():
    values = tf.reshape(tf.range(12.0), (2, 3, 2))
    assert sum_over_outputs(values).numpy().tolist() == [15, 51]
    assert mean_over_outputs(values).numpy().tolist() == [2.5, 8.5]
