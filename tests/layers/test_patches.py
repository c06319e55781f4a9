"""The windows of an image."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import layers
from dnn_tf.layers.patches import n_windows, patches
from dnn_tf.types import InputError

X = np.random.default_rng(0).normal(size=(3, 7, 8, 2)).astype("float32")


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (3, 2), (7, 8)])
@pytest.mark.parametrize("strides", [(1, 1), (2, 1), (3, 4)])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_are_those_of_tensorflow(size, strides, padding):
    ours = patches(X, size, strides, padding)
    theirs = tf.image.extract_patches(X, [1, *size, 1], [1, *strides, 1], [1] * 4, padding.upper())
    np.testing.assert_array_equal(tf.reshape(ours, theirs.shape), theirs)


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.Convolution(2, (8, 1)),
        lambda: layers.LocallyConnected(2, (1, 9)),
        lambda: layers.MaxPooling(9),
    ],
)
def test_window_larger_than_the_image(make):
    with pytest.raises(
        InputError, match=r"^a window of . is larger than the image, .: take a [^\n]*$"
    ):
        make()(X)


def test_same_fits_any_window():
    assert n_windows(7, 9, 2, "same") == 4
    assert layers.Convolution(2, 9, padding="same")(X).shape == (3, 7, 8, 2)


@pytest.mark.parametrize("make", [lambda p: layers.Convolution(2, padding=p),
                                  lambda p: layers.MaxPooling(padding=p)])  # fmt: skip
def test_padding(make):
    with pytest.raises(InputError, match="padding is one of valid, same, and got 'full'"):
        make("full")
