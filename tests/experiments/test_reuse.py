"""Reuse, freezing and caching, in short."""

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.experiments import reuse as page
from dnn_tf.experiments.setting import Setting
from dnn_tf.losses import sparse_softmax_cross_entropy


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    judged = {row.name: row.ok for row in outcome.rows if row.ok is not None}
    assert all(judged.values()), judged
    assert len(judged) == 7
    assert [row.measured for row in outcome.rows if row.name.startswith("cached")][1] == 0
    assert len(outcome.claims) == 1  # on speed: it holds where the machine is not busy
    assert outcome.figure is not None


def test_new_layers_on_the_first_three():
    base = page.BASE.network(0)
    network = page.on_top(base, 2)
    assert [(layer.name, layer.trainable) for layer in network.layers[1:]] == [
        ("hidden1", False), ("hidden2", False), ("hidden3", True), ("hidden4", True),
        ("outputs", True),
    ]  # fmt: skip
    for name in ("hidden1", "hidden2", "hidden3"):
        np.testing.assert_array_equal(network.get_layer(name).kernel, base.get_layer(name).kernel)
    limits = {"hidden4": np.sqrt(6 / (50 + 20)), "outputs": np.sqrt(6 / (20 + 10))}
    for name, limit in limits.items():
        assert 0.8 * limit < np.max(np.abs(network.get_layer(name).kernel)) <= limit
    assert all(layer.trainable for layer in page.on_top(base).layers)


def test_freezing_is_stop_gradient(sample):
    """The gradients of a list of variables are those above `stop_gradient`."""
    base = page.BASE.network(0)
    keras.utils.set_random_seed(1)
    network = page.on_top(base, 2)
    x, y = tf.constant(sample.train.x[:20]), sample.train.y[:20]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(sparse_softmax_cross_entropy(y, network(x, training=True)))
    frozen = tape.gradient(loss, network.trainable_variables)
    network.trainable = False
    network.trainable = True
    with tf.GradientTape() as tape:
        z = x
        for layer in network.layers[1:]:
            z = layer(z)
            z = tf.stop_gradient(z) if layer.name == "hidden2" else z
        loss = tf.reduce_mean(sparse_softmax_cross_entropy(y, z))
    stopped = tape.gradient(loss, network.trainable_variables)
    assert stopped[:4] == [None] * 4
    for one, other in zip(frozen, stopped[4:], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-7)


def test_continued_networks_have_the_weights():
    base = page.BASE.network(0)
    for run in ("continued, restored", "continued, from code"):
        network = page.runs(base, Setting())[run][1].network(5)
        assert network is not base
        assert page.difference(network, base) == 0


def test_settings_of_the_notebook():
    for quick, rate, batch in ((False, 0.01, 200), (True, 0.1, 20)):
        for _, run in page.runs(page.BASE.network(0), Setting(quick)).values():
            np.testing.assert_allclose(run.make_optimizer().learning_rate, rate, rtol=1e-6)
            assert (run.batch_size, run.epochs) == (batch, 20)


def test_measures_by_hand():
    assert page.differing([0.1, 0.2, 0.3], [0.1, 0.21, 0.3]) == 1
    assert page.pace({"seconds": [9.0, 1.0, 3.0, 2.0]}) == 2
