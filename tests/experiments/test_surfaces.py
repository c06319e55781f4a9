"""A valley, a saddle, and classes of unequal size."""

import keras
import numpy as np
import pytest

from dnn_tf import optimizers
from dnn_tf.experiments import surfaces
from dnn_tf.experiments.optimizer_race import RACERS


def test_the_slopes_are_those_of_the_heights():
    def height(w, kappa=surfaces.KAPPA):
        u, v = (w - surfaces.LOWEST) @ surfaces.TURNED
        return 0.5 * (u**2 + kappa * v**2)

    w, h = np.array([2.7, 1.6]), 1e-6
    for i, slope in enumerate(surfaces.valley(w)):
        step = h * np.eye(2)[i]
        assert slope == pytest.approx((height(w + step) - height(w - step)) / (2 * h), rel=1e-5)
    np.testing.assert_allclose(surfaces.saddle(np.array([2.0, 0.5])), [2.0, 0.125 - 0.5])


@pytest.mark.parametrize("name", RACERS)
def test_a_walk_goes_where_the_optimiser_goes(name):
    optimizer = type(RACERS[name][0])(learning_rate=0.05)
    start = np.array([3.0, 3.0])
    path = surfaces.walk(optimizer, surfaces.saddle, start, 5, np.array([[0.05]]))[:, 0]
    w = keras.Variable(start, dtype="float64")
    for place in path[1:]:
        optimizer.apply([keras.ops.convert_to_tensor(surfaces.saddle(w.numpy()))], [w])
        np.testing.assert_allclose(w, place, rtol=1e-5)


def test_nesterov_is_the_package_s_own_at_the_points_ahead():
    rates, beta = np.array([[0.01]]), 0.9
    exact = surfaces.nesterov(-1, rates, 6)[:, 0]
    start = surfaces.LOWEST + 1
    walked = surfaces.walk(optimizers.Nesterov(), surfaces.valley, start, 6, rates)[:, 0]
    ahead = exact[1:] + beta * np.diff(exact, axis=0)  # w - beta m, where m = -(w - w before)
    np.testing.assert_allclose(walked[1:], ahead, rtol=1e-10)


def test_arrival_by_hand():
    far, near = surfaces.LOWEST + 1, surfaces.LOWEST
    path = np.array([[far, far], [near, near], [far, near], [near, near]])
    assert surfaces.arrival(path) == (1, 1)  # the first rate leaves again
    assert surfaces.arrival(path[:, :1]) == (3, 0)


def test_loss_of_the_few_without_a_step():
    assert surfaces.unequal_classes(optimizers.GradientDescent(), 0.1, steps=0) == pytest.approx(
        np.log(2)
    )
