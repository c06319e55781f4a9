"""The generators that belong to nobody."""

import random

import keras
import numpy as np

from dnn_tf.training.randomness import randomness, set_randomness


def draw():
    return random.random(), np.random.rand(), float(keras.random.normal(()))


def test_are_put_where_they_were():
    states = randomness()
    first = draw()
    assert draw() != first
    set_randomness(states)
    assert draw() == first
