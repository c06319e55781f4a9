"""Where epsilon stands."""

import numpy as np

from dnn_tf.optimizers.epsilon import root


def test_by_hand():
    assert root(15.0, 1.0) == 4.0
    assert root(16.0, 1.0, inside=False) == 5.0


def test_far_above_epsilon_the_two_agree_and_at_zero_they_do_not():
    np.testing.assert_allclose(root(1e4, 1e-8), root(1e4, 1e-8, inside=False), rtol=1e-9)
    assert root(0.0, 1e-8) > 1000 * root(0.0, 1e-8, inside=False)
