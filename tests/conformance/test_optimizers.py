"""Every optimiser takes the steps of its peers, on every road."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from conformance.cases import OPTIMIZERS

STEPS = 50


@pytest.fixture(params=OPTIMIZERS, ids=OPTIMIZERS)
def case(request):
    return OPTIMIZERS[request.param]


def gradients():
    rng = np.random.default_rng(2)
    return [(rng.normal(size=(3, 2)).astype("float32"), rng.normal(size=4)) for _ in range(STEPS)]


def start():
    return [keras.Variable(np.ones((3, 2))), keras.Variable(np.zeros(4))]


def walk(optimizer, steps=STEPS, weights=None):
    weights = weights or start()
    for pair in gradients()[:steps]:
        optimizer.apply([tf.constant(g, tf.float32) for g in pair], weights)
    return weights


def test_keras_peer(case):
    for ours, theirs in zip(walk(case.make()), walk(case.keras_peer()), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


def test_tf1_peer(case):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        weights = [tf.Variable(np.ones((3, 2), "float32")), tf.Variable(np.zeros(4, "float32"))]
        feeds = [tf.compat.v1.placeholder(tf.float32, weight.shape) for weight in weights]
        step = case.tf1_peer().apply_gradients(zip(feeds, weights, strict=True))
        session.run(tf.compat.v1.global_variables_initializer())
        for pair in gradients():
            session.run(step, dict(zip(feeds, pair, strict=True)))
        theirs = session.run(weights)
    for ours, peer in zip(walk(case.make()), theirs, strict=True):
        np.testing.assert_allclose(ours, peer, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_one_trace_and_the_same_steps(case, jit_compile):
    eager, optimizer, weights = walk(case.make()), case.make(), start()
    optimizer.build(weights)
    traces = []

    @tf.function(jit_compile=jit_compile)
    def step(*pair):
        traces.append(1)
        optimizer.apply(list(pair), weights)

    for pair in gradients():
        step(*(tf.constant(g, tf.float32) for g in pair))
    assert len(traces) == 1
    for one, other in zip(eager, weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


def test_config_round_trip(case):
    optimizer = case.make()
    again = type(optimizer).from_config(optimizer.get_config())
    for one, other in zip(walk(optimizer), walk(again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_goes_on_from_a_file_as_if_never_stopped(case, tmp_path):
    def compiled():
        keras.utils.set_random_seed(3)
        inputs = keras.Input((4,))
        model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
        model.compile(case.make(), "mse")
        return model

    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(20, 4)), rng.normal(size=(20, 1))
    straight, stopped = compiled(), compiled()
    straight.fit(x, y, batch_size=5, epochs=4, shuffle=False, verbose=0)
    stopped.fit(x, y, batch_size=5, epochs=2, shuffle=False, verbose=0)
    stopped.save(tmp_path / "m.keras")
    resumed = keras.saving.load_model(tmp_path / "m.keras")
    resumed.fit(x, y, batch_size=5, epochs=2, shuffle=False, verbose=0)
    for one, other in zip(straight.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_finds_the_bottom_of_a_bowl(case):
    weight = keras.Variable([3.0, -2.0])
    optimizer = case.make()
    for _ in range(300):
        optimizer.apply([2 * tf.convert_to_tensor(weight)], [weight])
    np.testing.assert_allclose(weight, [0, 0], atol=1e-3)
