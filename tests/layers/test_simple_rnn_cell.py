"""What the tables do not say of the plain cell."""

import keras
import numpy as np
import tensorflow as tf

from dnn_tf import layers


def gradient_through(activation, scale, steps=60):
    """The norm of d(last state) / d(first input), with `scale` times an orthogonal matrix."""
    keras.utils.set_random_seed(0)
    cell = layers.SimpleRNNCell(
        20, activation, recurrent_initializer=keras.initializers.Orthogonal(scale)
    )
    rnn = keras.layers.RNN(cell)
    x = tf.random.normal((4, steps, 20), stddev=0.1)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(rnn(x))
    return float(tf.norm(tape.gradient(total, x)[:, 0]))


def test_relu_explodes_worse_than_tanh():
    """E43: two of the documents recommend it against explosion."""
    assert gradient_through("relu", 2.0) > 1e3 * gradient_through("tanh", 2.0)


def test_vanishes_where_the_recurrent_matrix_shrinks():
    assert gradient_through("tanh", 0.5) < 1e-9


def test_another_activation_is_kept():
    cell = layers.SimpleRNNCell(3, "relu")
    again = layers.SimpleRNNCell.from_config(cell.get_config())
    x = np.random.default_rng(0).normal(size=(2, 4))
    state = again.get_initial_state(2)
    assert float(keras.ops.min(again(x, state)[0])) >= 0
