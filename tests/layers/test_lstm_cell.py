"""What the tables do not say of the LSTM."""

import keras
import numpy as np
import tensorflow as tf

from dnn_tf import layers


def test_open_forget_gate_and_closed_input_gate_remember_for_ever():
    cell = layers.LSTMCell(1)
    cell.build((None, 1))
    cell.set_weights([np.zeros((1, 4)), np.zeros((1, 4)), np.array([-100.0, 100, 0, 100])])
    h, c = np.zeros((1, 1)), np.array([[0.7]])
    for _ in range(100):
        _, (h, c) = cell(np.ones((1, 1)), [h, c])
    np.testing.assert_allclose(c, 0.7, rtol=1e-5)
    np.testing.assert_allclose(h, np.tanh(0.7), rtol=1e-5)


def test_its_gradient_lasts_where_that_of_the_plain_cell_vanishes():
    """The gates that 001 and 004 recommend, over fifty steps."""
    norms = []
    for make in (
        lambda: layers.LSTMCell(20, forget_bias=5.0),
        lambda: layers.SimpleRNNCell(20, recurrent_initializer=keras.initializers.Orthogonal(0.5)),
    ):
        keras.utils.set_random_seed(0)
        rnn, x = keras.layers.RNN(make()), tf.random.normal((4, 50, 20))
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(rnn(x))
        norms.append(float(tf.norm(tape.gradient(total, x)[:, 0])))
    assert norms[0] > 1e6 * norms[1]


def test_forget_bias():
    for value in (1.0, 0.0, 5.0):
        cell = layers.LSTMCell(3, forget_bias=value)
        again = layers.LSTMCell.from_config(cell.get_config())
        again.build((None, 2))
        np.testing.assert_array_equal(again.bias, [0, 0, 0, value, value, value] + [0] * 6)
