"""The perceptron learns by Rosenblatt's rule."""

import numpy as np
import pytest

import dnn_tf
from dnn_tf import activations, losses, models, optimizers

GATES = {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "nand": [1, 1, 1, 0]}
X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])


def trained(x, y, epochs, seed=1):
    model = models.perceptron(x.shape[1])
    dnn_tf.fit(
        model, (x, y), loss=losses.perceptron, optimizer=optimizers.GradientDescent(1.0),
        epochs=epochs, batch_size=1, seed=seed,
    )  # fmt: skip
    return model


def answers(model, x):
    return activations.step(model(x)).numpy().ravel()


@pytest.mark.parametrize("gate", GATES)
def test_learns_what_a_line_parts(gate):
    model = trained(X, np.array(GATES[gate]), epochs=20)
    np.testing.assert_array_equal(answers(model, X), GATES[gate])


def test_does_not_learn_xor():
    """A1."""
    assert (answers(trained(X, np.array([0, 1, 1, 0]), epochs=50), X) != [0, 1, 1, 0]).any()


def test_takes_rosenblatts_steps():
    """Sample by sample, against the rule in NumPy."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 3)).astype("float32")
    y = (x @ [1.0, -2, 0.5] > 0.3).astype(int)
    order = np.random.default_rng(5).permutation(30)  # of fit's seed
    w, b = np.zeros(3), 0.0
    for i in order:
        error = float(x[i] @ w + b >= 0) - y[i]
        w, b = w - error * x[i], b - error
    kernel, bias = trained(x, y, epochs=1, seed=5).get_weights()
    np.testing.assert_allclose(kernel.ravel(), w, rtol=1e-5)
    assert bias[0] == b
