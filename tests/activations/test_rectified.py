"""What the tables do not say of ReLU and its kin; claims of the documents."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import activations
from dnn_tf.layers import NeuronLayer
from dnn_tf.types import InputError


def stack_of(activation, start, depth=100, width=100, seed=0):
    """The activations of every layer, for standardised inputs."""
    keras.utils.set_random_seed(seed)
    a = np.random.default_rng(seed).normal(size=(500, width)).astype("float32")
    for _ in range(depth):
        a = NeuronLayer(width, activation, start)(a).numpy()
        yield a


class TestSelu:
    @pytest.mark.parametrize("seed", range(3))
    def test_keeps_mean_and_spread_through_a_hundred_layers(self, seed):
        """A11."""
        for a in stack_of("selu", "lecun_normal", seed=seed):
            assert abs(a.mean()) < 0.1
            assert 0.8 < a.std() < 1.2

    def test_explodes_from_plain_normal_weights(self):
        *_, last = stack_of("selu", "plain_normal", depth=10)
        assert last.std() > 1e6

    def test_grows_with_the_names_swapped(self):
        """N1: the reference notebook's `selu(z, scale=alpha_0_1, alpha=scale_0_1)`."""
        scale, alpha = 1.6732632423543772, 1.0507009873554805

        def swapped(z):
            return scale * activations.elu(z, alpha)

        *_, last = stack_of(swapped, "lecun_normal")
        assert last.std() > 100

    def test_mean_0_and_variance_1_are_its_fixed_point(self):
        """The two constants are the solution of two integrals over the normal density."""
        z = np.linspace(-12, 12, 400_001)
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        y = activations.selu(z).numpy()
        assert np.trapezoid(y * density, z) == pytest.approx(0, abs=1e-9)
        assert np.trapezoid(y**2 * density, z) == pytest.approx(1, abs=1e-9)

    def test_as_printed_it_is_another_function(self):
        """E14: the second argument of tf.nn.elu is a name, and alpha is lost without a word."""
        z = tf.constant([-1.0, 1.0])
        printed = 1.0507009873554805 * tf.nn.elu(z, 1.6732632423543772)
        assert abs(printed[0] - activations.selu(z)[0]) > 0.4


class TestRelu:
    def test_derivative_is_a_step_not_a_sign(self):
        """E10, E11."""
        z = np.array([-2.0, 0.0, 3.0])
        assert activations.relu_derivative(z).numpy().tolist() == [0, 0, 1]
        assert np.sign(z).tolist() == [-1, 0, 1]

    def test_a_dead_unit_stays_dead(self):
        layer = NeuronLayer(1, "relu", bias_initializer=keras.initializers.Constant(-100.0))
        x = tf.random.normal((50, 4))
        with tf.GradientTape() as tape:
            total = tf.reduce_sum((layer(x) - 1) ** 2)
        assert all(not np.any(g) for g in tape.gradient(total, layer.trainable_weights))


class TestLeakyRelu:
    def test_is_continuous(self):
        """E12."""
        around = activations.leaky_relu(np.array([-1e-9, 0.0, 1e-9]))
        np.testing.assert_allclose(around, 0, atol=1e-9)

    @pytest.mark.parametrize("slope", [1.5, -0.1, float("nan"), "a"])
    def test_slope(self, slope):
        for function in (activations.leaky_relu, activations.leaky_relu_derivative):
            with pytest.raises(InputError, match="a slope from 0 to 1, and got"):
                function(np.ones(2), slope=slope)

    def test_above_1_the_printed_maximum_bends_the_other_way(self):
        z = np.array([-1.0, 1.0])
        assert np.maximum(2 * z, z).tolist() == [-1, 2]

    def test_comes_back_from_a_file_of_a_keras_layer_with_its_own_slope(self, tmp_path):
        inputs = keras.Input((1,))
        outputs = keras.layers.Activation(activations.leaky_relu)(inputs)
        keras.Model(inputs, outputs).save(tmp_path / "m.keras")
        loaded = keras.saving.load_model(tmp_path / "m.keras")
        np.testing.assert_allclose(loaded(np.array([[-100.0]])), [[-1.0]])


@pytest.mark.parametrize("function", [activations.elu, activations.selu])
def test_small_numbers_are_not_rounded_away(function):
    """e^z - 1 in float32 would lose all but three digits of -1e-5."""
    z = np.array([-1e-5, -1e-3])
    np.testing.assert_allclose(function(z.astype("float32")), function(z), rtol=1e-6)


def test_elu_has_a_jump_in_its_slope_unless_alpha_is_1():
    """E13."""
    for alpha, jump in ((1.0, 0.0), (0.5, 0.5), (2.0, -1.0)):
        left, right = activations.elu_derivative(np.array([-1e-12, 0.0]), alpha).numpy()
        assert right - left == pytest.approx(jump, abs=1e-9)
