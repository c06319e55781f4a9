"""A wrong rank is one clear line."""

import numpy as np
import pytest

from dnn_tf import layers
from dnn_tf.types import InputError


@pytest.mark.parametrize(
    "layer", [layers.NeuronLayer(3), layers.Maxout(3), layers.PReLU(), layers.BatchNorm()]
)
@pytest.mark.parametrize("shape", [(None,), (None, None)])
def test_features(layer, shape):
    with pytest.raises(
        InputError, match=r"'.*' needs rows of a known number of features, \(batch, features\)"
    ):
        layer.build(shape)


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.Convolution(3),
        lambda: layers.LocallyConnected(3),
        layers.MaxPooling,
        layers.MeanPooling,
    ],
)
@pytest.mark.parametrize("shape", [(2, 784), (2, 28, 28), (2, 1, 28, 28, 1)])
def test_images(make, shape):
    with pytest.raises(InputError, match=r"needs images of a known size.*Reshape\(\(28, 28, 1\)\)"):
        make()(np.zeros(shape))


def test_images_of_unknown_size():
    with pytest.raises(InputError, match="needs images of a known size"):
        layers.Convolution(3).build((None, None, 28, 1))


@pytest.mark.parametrize("cell", [layers.SimpleRNNCell(3), layers.LSTMCell(3), layers.GRUCell(3)])
def test_cells(cell):
    with pytest.raises(InputError, match="needs rows of a known number of features"):
        cell.build((None, None))
