"""Gradients by layer."""

import keras
import numpy as np
import tensorflow as tf

from dnn_tf import activations
from dnn_tf.backpropagation import Dense, backward, forward
from dnn_tf.experiments import vanishing_gradients as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert [row.name for row in outcome.rows if row.ok is not True] == []
    # from N(0, 1) no vanishing; saturation; no rule without weights; Xavier's; He's
    assert [claim.holds for claim in outcome.claims] == [False, True, False, False, True]
    assert outcome.figure is not None


def test_deltas_are_those_of_backpropagation_and_of_the_tape():
    layers = [
        Dense(
            keras.random.normal((3, 3)), tf.zeros(3), activations.tanh, activations.tanh_derivative
        )
        for _ in range(4)
    ]
    a, z = forward(keras.random.normal((5, 3)), layers)
    upstream = keras.random.normal((5, 3))
    deltas = page.deltas(upstream, z, layers)
    for delta, (_, db) in zip(deltas, backward(deltas[-1], a, z, layers), strict=True):
        np.testing.assert_allclose(np.sum(delta, axis=0), db, rtol=1e-5, atol=1e-6)
    with tf.GradientTape() as tape:
        tape.watch(z[0])
        out = forward(activations.tanh(z[0]), layers[1:])[0][-1]
        total = tf.reduce_sum(upstream * out)
    np.testing.assert_allclose(deltas[0], tape.gradient(total, z[0]), rtol=1e-4, atol=1e-6)


def test_a_chain_by_hand():
    w, b = np.array([[2.0], [3.0], [-1.0]]), np.array([[0.5], [0.0], [0.0]])
    s = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    a1 = s(2 * 0.5 + 0.5)
    a2 = s(3 * a1)
    true, printed = page.chain(w, b)
    np.testing.assert_allclose(true, a1 * (1 - a1) * 3 * a2 * (1 - a2) * -1)
    np.testing.assert_allclose(printed, s(0.5) * (1 - s(0.5)) * 3 * 0.25 * -1)
