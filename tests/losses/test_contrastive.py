"""What the table does not say of the contrastive loss."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import losses
from dnn_tf.types import InputError


def test_draws_together_and_pushes_apart_up_to_the_margin():
    d = tf.constant([0.5, 0.5, 3.0])
    with tf.GradientTape() as tape:
        tape.watch(d)
        values = losses.contrastive([1, 0, 0], d, margin=2.0)
    np.testing.assert_allclose(values, [0.25, 2.25, 0])
    np.testing.assert_allclose(tape.gradient(values, d), [1, -3, 0])


@pytest.mark.parametrize("margin", [0, -1, float("nan"), "a"])
def test_margin(margin):
    with pytest.raises(InputError, match="margin is a finite number above 0, and got"):
        losses.contrastive([1], [0.5], margin=margin)
