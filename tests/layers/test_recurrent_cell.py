"""What the cells share, within Keras' own machinery for sequences."""

import keras
import numpy as np
import pytest

from dnn_tf import layers
from dnn_tf.types import InputError

CELLS = {
    "SimpleRNNCell": (layers.SimpleRNNCell, keras.layers.SimpleRNN),
    "LSTMCell": (layers.LSTMCell, keras.layers.LSTM),
    "GRUCell": (layers.GRUCell, keras.layers.GRU),
}
X = np.random.default_rng(0).normal(size=(6, 9, 4)).astype("float32")


@pytest.fixture(params=CELLS, ids=CELLS)
def pair(request):
    return CELLS[request.param]


@pytest.mark.parametrize(
    "words",
    [
        {"return_sequences": True},
        {"return_state": True},
        {"go_backwards": True},
        {"unroll": True},
        {"return_sequences": True, "zero_output_for_mask": True},
    ],
    ids=lambda words: "+".join(words),
)
def test_equals_the_layer_of_keras_with_its_weights(pair, words):
    cell, layer = pair
    ours, theirs = keras.layers.RNN(cell(5), **words), layer(5, **words)
    mask = None
    if "zero_output_for_mask" in words:
        mask = np.arange(9) < np.array([[9], [7], [5], [3], [2], [1]])
    ours(X, mask=mask), theirs(X, mask=mask)
    ours.set_weights(theirs.get_weights())
    one, other = ours(X, mask=mask), theirs(X, mask=mask)
    if not isinstance(one, list | tuple):
        one, other = [one], [other]
    for ours_part, theirs_part in zip(one, other, strict=True):
        np.testing.assert_allclose(ours_part, theirs_part, atol=1e-5)


def test_starts_as_keras_starts(pair):
    """Spread and bias; the forget gate at 1."""
    cell, layer = pair
    ours, theirs = keras.layers.RNN(cell(50)), layer(50)
    ours(X), theirs(X)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert one.shape == other.shape
        assert one.std() == pytest.approx(other.std(), rel=0.1)
    np.testing.assert_array_equal(ours.get_weights()[2], theirs.get_weights()[2])


def test_starts_are_kept_in_the_config(pair):
    cell = pair[0](5, kernel_initializer="he_uniform", recurrent_initializer="lecun_normal")
    again = type(cell).from_config(cell.get_config())
    assert type(again.kernel_initializer).__name__ == "HeUniform"
    assert type(again.recurrent_initializer).__name__ == "LeCunNormal"


def test_stacked_and_both_ways(pair):
    cell, _ = pair
    stacked = keras.layers.RNN([cell(5), cell(3)])
    assert stacked(X).shape == (6, 3)
    both = keras.layers.Bidirectional(keras.layers.RNN(cell(5)))
    assert both(X).shape == (6, 10)


@pytest.mark.parametrize("units", [0, 2.5, True])
def test_units(pair, units):
    with pytest.raises(InputError, match="units is a whole number, 1 or more"):
        pair[0](units)
