"""What the tables do not say of GradientDescent."""

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.optimizers import GradientDescent
from dnn_tf.optimizers.gradient_descent import gradient_descent_step


def test_step_by_hand():
    assert gradient_descent_step(4.0, 0.25) == 1.0


def test_schedule():
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([1], [1.0, 0.1])
    weight, optimizer = keras.Variable([0.0]), GradientDescent(schedule)
    for _ in range(4):
        optimizer.apply([tf.constant([1.0])], [weight])
    np.testing.assert_allclose(weight, [-2.2], rtol=1e-6)


def test_remembers_nothing_but_the_count():
    optimizer = GradientDescent()
    optimizer.build([keras.Variable([0.0])])
    assert [variable.name for variable in optimizer.variables] == ["iteration", "learning_rate"]
