"""The three normalisations, and what the documents say of them."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import losses


def test_three_normalisations_of_one_name():
    """L5: with two outputs."""
    y, z = np.array([[1.0, 0.0]]), np.array([[3.0, 1.0]])
    found = [
        float(loss(y, z)[0])
        for loss in (losses.squared_error, losses.half_squared_error, losses.mean_squared_error)
    ]
    assert found == [5, 2.5, 2.5]


@pytest.mark.parametrize(
    ("loss", "factor"), [(losses.half_squared_error, 1), (losses.squared_error, 2)]
)
def test_derivative(loss, factor):
    """E22: z - y belongs to the half, 2 (z - y) to the whole."""
    y, z = np.array([[1.0, 0.0]]), tf.constant([[3.0, 1.0]], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(z)
        value = loss(y, z)
    np.testing.assert_array_equal(tape.gradient(value, z), factor * (z - y))


def test_a_saturated_start_learns_slowly_from_it_and_fast_from_cross_entropy():
    """L1, L2, E20: dC/db is (s - y) s' for the square, s - y for the cross-entropy."""
    y, z = np.array([[0.0]]), tf.constant([[5.0]], tf.float64)
    gradients = []
    for loss in (
        lambda z: losses.half_squared_error(y, tf.sigmoid(z)),
        lambda z: losses.sigmoid_cross_entropy(y, z),
    ):
        with tf.GradientTape() as tape:
            tape.watch(z)
            value = loss(z)
        gradients.append(tape.gradient(value, z).numpy().item())
    s = 1 / (1 + np.exp(-5))
    assert gradients == pytest.approx([s * s * (1 - s), s])
    assert gradients[1] > 100 * gradients[0]


def test_the_fifth_documents_comparison_with_cross_entropy():
    """L10, E21: of (.8, .2, 0), (.8, .1, .1) and (.9, .1, 0) for the label (1, 0, 0)."""
    y = np.array([[1.0, 0.0, 0.0]] * 3)
    p = np.array([[0.8, 0.2, 1e-30], [0.8, 0.1, 0.1], [0.9, 0.1, 1e-30]])
    squares = losses.squared_error(y, p).numpy()
    entropies = losses.softmax_cross_entropy(y, np.log(p)).numpy()
    np.testing.assert_allclose(squares, [0.08, 0.06, 0.02])
    assert entropies[0] == pytest.approx(entropies[1])
    assert squares[0] / squares[2] == pytest.approx(4)
    assert entropies[0] / entropies[2] == pytest.approx(2.118, abs=1e-3)
    assert (entropies > 0).all()  # the picture's 1/N sum log p would be negative
