"""The number of a step."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.schedules.step import wide_step


@pytest.mark.parametrize("step", [5, tf.constant(5), np.int32(5), np.uint8(5), tf.Variable(5)])
def test_whole_numbers_get_64_bits(step):
    assert wide_step(step).dtype == tf.int64
    assert int(wide_step(step)) == 5


@pytest.mark.parametrize("step", [2.5, tf.constant(2.5), np.arange(3.0)])
def test_others_stay(step):
    np.testing.assert_array_equal(wide_step(step), step)
