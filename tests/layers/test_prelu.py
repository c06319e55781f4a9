"""What the table does not say of PReLU."""

import keras
import numpy as np

import dnn_tf
from dnn_tf import layers, models


def test_starts_at_a_quarter_or_as_told():
    layer = layers.PReLU()
    layer(np.ones((2, 3)))
    np.testing.assert_array_equal(layer.slope, [0.25] * 3)
    layer = layers.PReLU("zeros")
    layer(np.ones((2, 3)))
    assert not np.any(layer.slope)


def test_learns_its_slopes(blobs, fit_blobs):
    model = models.dnn(6, (8,), 3, activation="prelu")
    fit_blobs(model)
    slopes = model.get_layer("hidden1").activation.slope.numpy()
    assert (slopes != 0.25).all()


def test_a_slope_above_1_and_below_0_keep_the_formula():
    layer = layers.PReLU(keras.initializers.Constant(2.0))
    np.testing.assert_array_equal(layer(np.array([[-3.0, 3.0]])), [[-6, 3]])
    assert dnn_tf.layers.PReLU(keras.initializers.Constant(-1.0))(np.array([[-3.0]]))[0, 0] == 3
