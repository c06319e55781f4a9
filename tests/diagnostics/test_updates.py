"""How far the next step would go."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import optimizers
from dnn_tf.diagnostics.updates import check_optimizer, told, updates
from dnn_tf.types import InputError

K = keras.optimizers
G = np.array([0.5, -2.0], "float32")


def trained(optimizer, steps=3):
    """A weight, and an optimiser that has taken some steps for it."""
    weight = keras.Variable([1.0, 2.0], name="w")
    for _ in range(steps):
        optimizer.apply([tf.constant([0.3, 0.1])], [weight])
    return weight


@pytest.mark.parametrize(
    "make",
    [
        lambda: optimizers.Adam(0.01),
        lambda: K.Adam(0.01, clipnorm=0.1, weight_decay=0.1),
        lambda: K.SGD(K.schedules.ExponentialDecay(0.1, 2, 0.5), momentum=0.9),
        lambda: optimizers.Nesterov(0.1, use_ema=True, ema_momentum=0.5),
        lambda: K.LossScaleOptimizer(K.RMSprop(0.01)),
    ],
    ids=["adam", "clip and decay", "schedule", "average", "loss scale"],
)
def test_the_step_that_comes_next(make):
    optimizer = make()
    weight = trained(optimizer)
    before = [variable.numpy().copy() for variable in (weight, *optimizer.variables)]
    found = updates(optimizer, 1.0, {id(weight): tf.constant(G)}, [weight])[id(weight)].numpy()
    for variable, value in zip((weight, *optimizer.variables), before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    old = weight.numpy().copy()
    scale = float(optimizer.scale_loss(tf.ones(())))
    optimizer.apply([tf.constant(G * scale)], [weight])
    np.testing.assert_array_equal(found, weight.numpy() - old)


def test_without_an_optimizer_it_is_gradient_descent():
    weight = keras.Variable([1.0, 2.0])
    found = updates(None, 0.1, {id(weight): tf.constant(G)}, [weight])
    np.testing.assert_allclose(found[id(weight)], -0.1 * G)


@pytest.mark.parametrize(
    "optimizer",
    [
        K.SGD(0.1),
        K.SGD(0.1, gradient_accumulation_steps=4),
        optimizers.Nesterov(0.1, momentum=0.0, look_ahead="exact"),
    ],
    ids=["new", "accumulates", "looks ahead"],
)
def test_one_that_cannot_step_now_has_a_copy_do_it(optimizer):
    weight = keras.Variable([1.0, 2.0])
    found = updates(optimizer, 1.0, {id(weight): tf.constant(G)}, [weight])
    np.testing.assert_allclose(found[id(weight)], -0.1 * G, rtol=1e-6)
    assert not optimizer.built


def test_one_that_was_built_for_other_weights():
    optimizer = K.SGD(0.1)
    trained(optimizer)
    weight = keras.Variable([5.0, 6.0])
    found = updates(optimizer, 1.0, {id(weight): tf.constant(G)}, [weight])
    np.testing.assert_allclose(found[id(weight)], -0.1 * G, rtol=1e-5)


def test_a_weight_without_a_gradient_does_not_move():
    optimizer = K.SGD(0.1)
    moved, still = keras.Variable(1.0), keras.Variable(2.0)
    optimizer.build([moved, still])
    gradients = {id(moved): tf.constant(1.0), id(still): None}
    assert list(updates(optimizer, 1.0, gradients, [moved, still])) == [id(moved)]


def test_in_words():
    assert told(K.Adam(0.002), 1.0) == "Adam at 0.002"
    assert told(None, 0.5) == "gradient descent at 0.5"


def test_not_by_name():
    check_optimizer(None)
    with pytest.raises(InputError, match="a Keras optimiser was expected"):
        check_optimizer("adam")
