"""A digit read row by row, in short."""

import numpy as np
import pytest

from dnn_tf import models
from dnn_tf.experiments import rnn as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert [row.ok for row in outcome.rows] == [True, True]
    assert outcome.figure is not None


@pytest.mark.parametrize("recipe", page.RECIPES.values(), ids=page.RECIPES)
def test_the_formula_by_hand(recipe):
    """`h_t = f(x_t W + h_(t-1) U + b)` over the rows of an image, in NumPy."""
    model = models.rnn((3, 2), (4,), 5, activation=recipe.activation)
    kernel, recurrent, bias, out, out_bias = (w.astype("float64") for w in model.get_weights())
    image = np.random.default_rng(1).normal(size=(3, 2))
    h = np.zeros(4)
    for row in image:
        z = row @ kernel + h @ recurrent + bias
        h = np.tanh(z) if recipe.activation == "tanh" else np.maximum(z, 0)
    np.testing.assert_allclose(
        model(image.reshape(1, 6).astype("float32"))[0], h @ out + out_bias, atol=1e-5
    )


def test_the_notebooks_networks():
    assert [(r.units, r.activation, r.epochs) for r in page.RECIPES.values()] == [
        ((150,), "tanh", 100), ((100, 100, 100), "relu", 10),
    ]  # fmt: skip
