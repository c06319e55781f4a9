"""Nesterov's accelerated gradient."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.losses import mean_squared_error
from dnn_tf.optimizers import Momentum, Nesterov
from dnn_tf.optimizers.nesterov import nesterov_update
from dnn_tf.training.step import make_step
from dnn_tf.types import InputError


def bowl(w):
    return 3 * w


def test_update_by_hand():
    assert nesterov_update(g=4.0, m=2.0, learning_rate=0.5, momentum=0.5) == (3.5, 3.0)
    outside = nesterov_update(4.0, 2.0, 0.5, 0.5, learning_rate_inside=False)
    assert outside == (3.25, 5.0)


def true_walk(optimizer, steps):
    """The points of the gradients, and the weights, of the formula to the letter."""
    weight, points = keras.Variable([1.0], dtype="float64"), []
    optimizer.build([weight])
    for _ in range(steps):
        (point,) = optimizer.points_ahead([weight])
        points.append(float(point[0]))
        weight.assign(point)
        optimizer.apply_ahead([bowl(point)], [weight])
    return points, float(weight.numpy()[0])


@pytest.mark.parametrize("inside", [True, False])
def test_the_linearised_form_walks_through_the_points_of_the_true_forms_gradients(walk, inside):
    words = {"learning_rate": 0.1, "momentum": 0.8, "learning_rate_inside": inside}
    points, _ = true_walk(Nesterov(**words, look_ahead="exact"), 20)
    linearised = walk(Nesterov(**words), bowl, steps=19)
    assert points == pytest.approx([1.0, *linearised], rel=1e-12)
    assert points != pytest.approx([1.0, *walk(Momentum(0.1, 0.8), bowl, steps=19)], rel=1e-2)


def by_the_letter(sign, steps=20):
    w, m = 1.0, 0.0
    for _ in range(steps):
        m = 0.8 * m + 0.1 * bowl(w + sign * 0.8 * m)
        w -= m
    return w


def test_the_sign_that_the_document_prints_looks_back():
    """E32: what is taken off is m, so ahead is w - momentum m; w + momentum m swings wider."""
    _, weight = true_walk(Nesterov(0.1, 0.8, look_ahead="exact"), 20)
    assert weight == pytest.approx(by_the_letter(-1), rel=1e-6)
    assert abs(by_the_letter(+1)) > 10 * abs(by_the_letter(-1))


def test_swings_less_than_momentum(walk):
    def lowest(optimizer):
        return min(walk(optimizer, bowl, steps=50))

    assert lowest(Momentum(0.1)) < -0.7 < -0.6 < lowest(Nesterov(0.1))


def line():
    inputs = keras.Input((2,))
    return keras.Model(inputs, keras.layers.Dense(1)(inputs)), np.ones((4, 2), "float32")


def test_model_fit_does_not_look_ahead():
    model, x = line()
    model.compile(Nesterov(look_ahead="exact"), "mse")
    with pytest.raises(InputError, match="this loop does not go there: train with dnn_tf.fit") as e:
        model.fit(x, x[:, :1], verbose=0)
    assert "\n" not in str(e.value)


@pytest.mark.parametrize("run_eagerly", [True, False])
def test_a_loss_scale_hides_it(run_eagerly):
    model, x = line()
    optimizer = keras.optimizers.LossScaleOptimizer(Nesterov(look_ahead="exact"))
    step = make_step(model, mean_squared_error, optimizer)
    step = step if run_eagerly else tf.function(step, autograph=False)
    with pytest.raises(InputError, match="without a loss scale"):
        step(tf.constant(x), tf.constant(x[:, :1]))


def test_each_look_ahead_is_good_for_one_step():
    weight, optimizer = keras.Variable([1.0]), Nesterov(look_ahead="exact")
    optimizer.build([weight])
    optimizer.points_ahead([weight])
    optimizer.apply_ahead([tf.ones(1)], [weight])
    with pytest.raises(InputError, match="does not go there"):
        optimizer.apply([tf.ones(1)], [weight])


def test_a_step_that_failed_is_no_step_ahead():
    optimizer = Nesterov(look_ahead="exact")
    optimizer.build([keras.Variable([1.0])])
    with pytest.raises(ValueError, match="Unknown variable"):
        optimizer.apply_ahead([tf.ones(1)], [keras.Variable([1.0])])
    with pytest.raises(InputError, match="does not go there"):
        optimizer.apply([tf.ones(1)], [keras.Variable([1.0])])


def test_weight_decay_ahead():
    with pytest.raises(InputError, match="would decay the point ahead, not the weight"):
        Nesterov(look_ahead="exact", weight_decay=0.1)


def test_bad_words():
    with pytest.raises(InputError, match="^look_ahead is one of linearised, exact, and got 'yes'$"):
        Nesterov(look_ahead="yes")
    with pytest.raises(InputError, match="^momentum is a number from 0 .* and got 1$"):
        Nesterov(momentum=1)
