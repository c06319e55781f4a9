"""By name; and which one for which activation."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import activations, initializers, layers
from dnn_tf.initializers.lookup import _NAMED, is_lecun
from dnn_tf.types import InputError


@pytest.mark.parametrize("name", _NAMED)
def test_every_name_draws(name):
    assert np.std(initializers.get(name)((30, 50))) > 0


def test_keras_by_its_own_names():
    assert type(initializers.get("glorot_uniform")) is keras.initializers.GlorotUniform


def test_an_instance_is_copied():
    one = keras.initializers.HeNormal()
    assert initializers.get(one) is not one


@pytest.mark.parametrize("name", ["xavierr", 3, None])
def test_unknown_name_says_what_there_is(name):
    with pytest.raises(InputError, match=f"unknown initialiser {name!r}.*document.*glorot_uniform"):
        initializers.get(name)


@pytest.mark.parametrize(
    ("activation", "name"),
    [
        ("relu", "he_normal"),
        (activations.leaky_relu, "he_normal"),
        (keras.layers.LeakyReLU(), "he_normal"),
        (layers.PReLU(), "he_normal"),
        (layers.RReLU, "he_normal"),
        (layers.Maxout, "xavier_normal"),
        (keras.layers.Activation("selu"), "lecun_normal"),
        ("elu", "he_normal"),
        ("tanh", "xavier_normal"),  # E19: the document gives He's
        (keras.activations.sigmoid, "xavier_normal"),
        (None, "xavier_normal"),
        (activations.selu, "lecun_normal"),
    ],
)
def test_recommended(activation, name):
    assert initializers.recommended(activation) == name


def test_lecuns_start_is_a_variance_of_one_over_the_inputs():
    scaling = keras.initializers.VarianceScaling
    assert is_lecun(scaling(1, "fan_in", "uniform"))
    for other in (scaling(1, "fan_avg"), scaling(2, "fan_in"), keras.initializers.Zeros()):
        assert not is_lecun(other)


def test_no_rule():
    with pytest.raises(InputError, match="no rule for the activation 'mish'.*name an initialiser"):
        initializers.recommended("mish")


@pytest.mark.parametrize("activation", ["relu", "elu", "tanh", "selu", "leaky_relu"])
def test_the_recommended_one_keeps_the_spread_that_plain_weights_lose(activation):
    """I6: the variance of the activations over twenty layers."""
    spreads = {}
    for start in (initializers.recommended(activation), "plain_normal"):
        keras.utils.set_random_seed(0)
        a = np.random.default_rng(0).normal(size=(200, 100))
        for _ in range(20):
            a = layers.NeuronLayer(100, activation, start)(a).numpy()
        spreads[start] = a.astype("float64").std()
    good, plain = spreads.values()
    assert 0.1 < good < 4
    assert plain > 1e6 or plain > 0.9 > good  # it explodes, or every tanh sits at a limit


def test_gradients_keep_their_spread_too():
    """I6, backward; E19: through twenty tanh layers Xavier's shrinks, He's grows, a little."""
    norms = {}
    for start in ("xavier_normal", "he_normal", "plain_normal"):
        keras.utils.set_random_seed(0)
        x = tf.random.normal((200, 100))
        stack = [layers.NeuronLayer(100, "tanh", start) for _ in range(20)]
        with tf.GradientTape() as tape:
            tape.watch(x)
            a = x
            for layer in stack:
                a = layer(a)
            total = tf.reduce_sum(a * tf.random.stateless_normal(a.shape, (0, 1)))
        norms[start] = float(tf.norm(tape.gradient(total, x))) / np.sqrt(200 * 100)
    assert 0.1 < norms["xavier_normal"] < 1
    assert 1 < norms["he_normal"] < 4
    assert norms["plain_normal"] > 1e6
