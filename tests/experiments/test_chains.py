"""Chains of single units."""

import numpy as np

from dnn_tf.experiments.chains import chain, chains


def test_what_is_told_of_chains():
    assert [row.ok for row in chains()] == [True] * 5


def test_a_chain_by_hand():
    w, b = np.array([[2.0], [3.0], [-1.0]]), np.array([[0.5], [0.0], [0.0]])
    s = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    a1 = s(2 * 0.5 + 0.5)
    a2 = s(3 * a1)
    true, printed = chain(w, b)
    np.testing.assert_allclose(true, a1 * (1 - a1) * 3 * a2 * (1 - a2) * -1)
    np.testing.assert_allclose(printed, s(0.5) * (1 - s(0.5)) * 3 * 0.25 * -1)
