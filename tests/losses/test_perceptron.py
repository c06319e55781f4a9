"""The perceptron's loss."""

import numpy as np
import tensorflow as tf

from dnn_tf import losses


def test_its_gradient_is_the_error_of_the_step():
    """At 0, where the step says yes, too."""
    z = tf.constant([-2.0, -2.0, 0.0, 0.0, 3.0, 3.0])
    y = np.array([0, 1, 0, 1, 0, 1])
    with tf.GradientTape() as tape:
        tape.watch(z)
        total = tf.reduce_sum(losses.perceptron(y, z))
    np.testing.assert_array_equal(tape.gradient(total, z), np.array([0, 0, 1, 1, 1, 1]) - y)
