"""Fans by hand and as Keras counts them."""

import pytest
from keras.src.initializers.random_initializers import compute_fans

from dnn_tf.initializers.fans import fans
from dnn_tf.types import InputError


@pytest.mark.parametrize(
    ("shape", "expected"), [((784, 300), (784, 300)), ((5, 5, 3, 32), (75, 800))]
)
def test_by_hand_and_as_in_keras(shape, expected):
    assert fans(shape) == expected
    assert compute_fans(shape) == expected


@pytest.mark.parametrize("shape", [(), (7,)])
def test_not_for_a_bias(shape):
    with pytest.raises(InputError, match="two axes or more.*use 'zeros' for a bias"):
        fans(shape)
