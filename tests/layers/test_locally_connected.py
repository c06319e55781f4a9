"""What the table does not say of LocallyConnected."""

import numpy as np
import pytest

from dnn_tf import initializers, layers

X = np.random.default_rng(0).normal(size=(2, 6, 7, 3)).astype("float32")


def test_with_the_same_weights_everywhere_it_is_a_convolution():
    local = layers.LocallyConnected(4, 3, activation="tanh")
    convolution = layers.Convolution(4, 3, activation="tanh")
    local(X), convolution(X)
    W, b = convolution.get_weights()
    local.set_weights([np.tile(W.reshape(27, 4), (4, 5, 1, 1)), np.tile(b, (4, 5, 1))])
    np.testing.assert_allclose(local(X), convolution(X), rtol=1e-5, atol=1e-6)


def test_moved_input_is_not_moved_output():
    layer = layers.LocallyConnected(4, 3)
    moved = np.roll(X, 2, axis=1)
    assert not np.allclose(layer(moved)[:, 2:], layer(X)[:, :-2], atol=0.1)


def test_every_place_starts_by_the_fans_of_its_window():
    """Keras 2 counted all places as part of the window."""
    layer = layers.LocallyConnected(8, 3)
    layer(np.zeros((1, 20, 20, 2)))
    kernel = layer.kernel.numpy()
    assert kernel.std() == pytest.approx(np.sqrt(2 / 18), rel=0.02)
    assert not np.array_equal(kernel[0, 0], kernel[0, 1])


def test_a_seed_starts_all_places_alike():
    layer = layers.LocallyConnected(4, 3, kernel_initializer=initializers.HeNormal(seed=1))
    layer(X)
    assert (layer.kernel.numpy() == layer.kernel.numpy()[:1, :1]).all()


def test_keeps_to_the_size_it_was_built_for():
    layer = layers.LocallyConnected(4, 3)
    layer(X)
    with pytest.raises(ValueError, match="incompatible with the layer"):
        layer(np.zeros((2, 8, 7, 3)))
