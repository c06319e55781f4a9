"""RBMs small enough to count all their states."""

import itertools

import numpy as np
import pytest

from dnn_tf.layers import RBM


def states(n):
    """All rows of `n` bits."""
    return np.array(list(itertools.product([0.0, 1], repeat=n)))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Exact:
    """What contrastive divergence approaches, in NumPy, for binary visible units."""

    def __init__(self, rbm):
        self.W, self.b, self.a = (np.asarray(w, "float64") for w in rbm.get_weights())
        self.v = states(len(self.a))
        weight = np.exp(self.log_weights(self.v))
        self.log_z = np.log(weight.sum())
        self.p = weight / weight.sum()  # of each state of the visible units

    def log_weights(self, v):
        """`ln sum_h exp(-E(v, h))`, every hidden state counted."""
        h = states(len(self.b))
        minus_energy = (v @ self.a)[:, None] + h @ self.b + v @ self.W @ h.T
        return np.log(np.exp(minus_energy).sum(axis=1))

    def log_likelihood(self, v):
        return (self.log_weights(v) - self.log_z).mean()

    def gradient(self, v):
        """Of the mean log likelihood, in `W`, `b` and `a`."""
        seen, dreamt = sigmoid(v @ self.W + self.b), sigmoid(self.v @ self.W + self.b)
        p = self.p[:, None]
        return (
            v.T @ seen / len(v) - (p * self.v).T @ dreamt,
            seen.mean(0) - (p * dreamt).sum(0),
            v.mean(0) - (p * self.v).sum(0),
        )


@pytest.fixture(scope="session")
def exact():
    """Everything about an RBM, by enumeration."""
    return Exact


@pytest.fixture
def tiny_rbm():
    """Four visible units, three hidden ones, of strong weights."""
    rbm = RBM(3)
    rbm.build((None, 4))
    rng = np.random.default_rng(1)
    rbm.set_weights([3 * rng.normal(size=w.shape) for w in rbm.weights])
    return rbm


@pytest.fixture
def bars():
    """A hundred rows: the left half of the units, or the right half, or both."""
    return np.tile([[1.0, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1], [1, 1, 0, 0]], (25, 1))
