"""Threefry inside compiled steps."""

import threading

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import layers
from dnn_tf.training.random_bits import drawn_by_threefry

THREEFRY, PHILOX = 2, 1
DRAWS = {"StatelessRandomUniformV2", "StatelessRandomNormalV2", "StatelessTruncatedNormalV2"}


def generators(function, *arguments):
    """The number of the generator of every draw in the graph of a function."""
    graph = tf.function(function, autograph=False).get_concrete_function(*arguments).graph
    draws = [node for node in graph.get_operations() if node.type in DRAWS]
    return [int(tf.get_static_value(node.inputs[3])) for node in draws]


@pytest.mark.parametrize(
    "layer",
    [
        layers.Dropout(0.5),
        layers.AlphaDropout(0.5),
        layers.GaussianNoise(0.5),
        layers.RReLU(),
        keras.layers.Dropout(0.5),
        keras.layers.AlphaDropout(0.5),
        keras.layers.GaussianNoise(0.5),
        keras.layers.GaussianDropout(0.5),
    ],
    ids=lambda layer: f"{type(layer).__module__.partition('.')[0]} {type(layer).__name__}",
)
def test_every_layer_that_draws(layer):
    x = tf.ones((2, 3))

    def call(x):
        return layer(x, training=True)

    assert THREEFRY not in generators(call, x)
    assert generators(drawn_by_threefry(call), x) == [THREEFRY]


def test_who_names_a_generator_gets_it():
    def draw():
        return tf.random.stateless_uniform((2,), [1, 2], alg="philox")

    assert generators(drawn_by_threefry(draw)) == [PHILOX]


def test_nothing_is_left_behind_after_an_error():
    def fail():
        raise ValueError("in the trace")

    with pytest.raises(ValueError, match="in the trace"):
        drawn_by_threefry(fail)()
    assert generators(lambda: tf.random.stateless_uniform((2,), [1, 2])) != [THREEFRY]


def test_what_others_draw_meanwhile_is_theirs():
    """Without XLA a CPU has no Threefry: a draw in another thread, or at once, would fail."""
    drawn = []

    def draw():
        drawn.append(tf.random.stateless_uniform((2,), [1, 2]).numpy())

    def traced():
        with tf.init_scope():
            draw()
        thread = threading.Thread(target=draw)
        thread.start()
        thread.join()
        return tf.random.stateless_uniform((2,), [1, 2])

    assert generators(drawn_by_threefry(traced)) == [THREEFRY]
    assert len(drawn) == 2
    np.testing.assert_array_equal(*drawn)


def test_gpus_keep_their_own(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [kind])
    assert drawn_by_threefry(len) is len


def test_the_numbers_under_xla():
    """Uniform on [0, 1) and N(0, 1): mean, spread, and no two draws alike."""
    seeds = keras.random.SeedGenerator(1)

    @drawn_by_threefry
    def draw():
        shape = (300, 300)
        return [
            keras.random.uniform(shape, seed=seeds),
            keras.random.uniform(shape, seed=seeds),
            keras.random.normal(shape, seed=seeds),
        ]

    u, v, z = (n.numpy().ravel() for n in tf.function(draw, jit_compile=True, autograph=False)())
    n = len(u)
    assert 0 <= u.min() < u.max() < 1
    assert abs(u.mean() - 0.5) < 4 * np.sqrt(1 / 12 / n)
    assert abs(u.var() - 1 / 12) < 0.002
    assert abs(np.corrcoef(u, v)[0, 1]) < 4 / np.sqrt(n)
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 4 / np.sqrt(n)
    assert abs(z.mean()) < 4 / np.sqrt(n)
    assert abs(z.std() - 1) < 0.02
