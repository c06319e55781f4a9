"""What the tests of the optimisers share."""

import keras
import numpy as np
import pytest


@pytest.fixture
def walk():
    """Where a weight stands after each step; the gradient is a number or a function of it."""

    def walk(optimizer, gradient=1.0, steps=5, w=1.0):
        weight = keras.Variable([w], dtype="float64")
        places = []
        for _ in range(steps):
            g = gradient(weight.numpy()) if callable(gradient) else np.array([gradient])
            optimizer.apply([keras.ops.convert_to_tensor(g)], [weight])
            places.append(float(weight.numpy()[0]))
        return places

    return walk
