"""Gradients by layer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import activations
from dnn_tf.backpropagation import Dense, backward, forward
from dnn_tf.experiments import vanishing_gradients as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    judged = [row for row in outcome.rows if row.reference is not None]
    assert [row.name for row in judged if row.ok is not True] == []
    vanishes, _, lower, _, xavier, _ = (claim.holds for claim in outcome.claims)
    assert (vanishes, xavier) != (True, True)
    assert lower is None  # one network is no evidence
    assert outcome.figure is not None


def made_up(fall, saturated, lower):
    """The same numbers for all starts, but three saturated shares."""
    norms = {name: [np.r_[10.0**f, [1.0] * 19] for f in fall] for name in page.STARTS}
    shares = {page.PLAIN: saturated, page.XAVIER: [0.5, 0.51, 0.49]}
    moved = {name: [np.r_[0, [low] * 6, [1.0] * 13] for low in lower] for name in page.TRAINED}
    return page.Measured(
        norms, {name: [[share] for share in values] for name, values in shares.items()}, moved, {}
    )


@pytest.mark.parametrize(
    ("found", "holds"),
    [
        (made_up([-5, -5.1, -5.2], [0.9, 0.91, 0.92], [0.01, 0.02, 0.01]),
         [True, True, True, True, False, False]),
        (made_up([0.1, 0.2, 0.1], [0.1, 0.11, 0.12], [0.5, 0.6, 0.7]),
         [False, False, False, False, True, True]),
        (made_up([-5, 5, -1], [0.1, 0.9, 0.5], [0.01, 0.5, 0.2]),
         [None, None, None, None, None, False]),
    ],
)  # fmt: skip
def test_the_claims_are_judged_seed_by_seed(found, holds):
    judged = [claim.holds for claim in page.claims(found)]
    assert judged[:5] == holds[:5]
    assert judged[5] in (holds[5], None)


def test_layers_that_stand_still_are_told():
    assert page.still(np.array([0, 0, 0.1])) == " (layers 1 to 2: 0)"
    assert page.still(np.array([0.1])) == ""


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
