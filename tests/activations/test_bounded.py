"""What the tables do not say of step, sigmoid, tanh and softmax; claims of the documents."""

import keras
import numpy as np
import pytest

from dnn_tf import activations
from dnn_tf.layers import NeuronLayer


def test_two_layers_of_steps_know_xor():
    """A1: no single one does; one for "or", one for "not both", one for "and"."""
    x = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    hidden, output = NeuronLayer(2, "step"), NeuronLayer(1, "step")
    hidden.build((None, 2)), output.build((None, 2))
    hidden.set_weights([np.array([[1.0, -1], [1, -1]]), np.array([-0.5, 1.5])])
    output.set_weights([np.array([[1.0], [1]]), np.array([-1.5])])
    assert output(hidden(x)).numpy().ravel().tolist() == [0, 1, 1, 0]


def test_a_quarter_is_the_maximum_of_the_derivative_not_of_the_sigmoid():
    """E8: the fifth document's 0.25; E7: around 0 the sigmoid's mean is 0.5."""
    z = np.linspace(-10, 10, 2001)
    assert np.max(activations.sigmoid_derivative(z)) == 0.25
    assert np.max(activations.sigmoid(z)) > 0.9999
    assert np.mean(activations.sigmoid(z)) == pytest.approx(0.5)


def test_tanh_is_a_stretched_sigmoid():
    z = np.linspace(-5, 5, 101)
    np.testing.assert_allclose(activations.tanh(z), 2 * activations.sigmoid(2 * z) - 1, atol=1e-12)


def test_softmax_takes_each_row_by_itself():
    z = np.array([[1000.0, 1000.0], [-1000.0, -1000.0]], "float32")
    np.testing.assert_array_equal(activations.softmax(z), np.full((2, 2), 0.5))


def test_softmax_knows_no_common_shift_and_its_jacobian_sums_to_nothing():
    z = np.random.default_rng(0).normal(size=(3, 5))
    np.testing.assert_allclose(activations.softmax(z + 1000), activations.softmax(z), rtol=1e-9)
    np.testing.assert_allclose(np.sum(activations.softmax_jacobian(z), axis=-1), 0, atol=1e-15)


def test_saturates_from_plain_normal_weights():
    """I1: after one layer of 100 inputs most units sit at 0 or 1, where no gradient passes."""
    x = np.random.default_rng(0).normal(size=(500, 100))
    shares = []
    for start in ("plain_normal", "xavier_normal"):
        a = NeuronLayer(100, "sigmoid", start)(x).numpy()
        shares.append(np.mean(np.minimum(a, 1 - a) < 0.01))
    assert shares[0] > 0.5
    assert shares[1] < 0.01


def test_stays_saturated_through_twenty_layers_of_plain_weights():
    keras.utils.set_random_seed(0)
    a = np.random.default_rng(0).normal(size=(500, 100))
    for _ in range(20):
        a = NeuronLayer(100, "sigmoid", "plain_normal")(a).numpy()
        assert np.mean(np.minimum(a, 1 - a) < 0.01) > 0.3
