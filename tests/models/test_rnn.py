"""The recurrent network."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import layers, models
from dnn_tf.types import InputError


@pytest.mark.parametrize(
    ("cell", "theirs"),
    [
        (layers.SimpleRNNCell, keras.layers.SimpleRNN),
        (layers.LSTMCell, keras.layers.LSTM),
        (layers.GRUCell, keras.layers.GRU),
    ],
)
def test_is_that_of_keras_layers_with_its_weights(cell, theirs):
    ours = models.rnn((7, 5), (6, 4), 3, cell=cell)
    peer = keras.Sequential(
        [
            keras.Input((35,)),
            keras.layers.Reshape((7, 5)),
            theirs(6, return_sequences=True),
            theirs(4),
            keras.layers.Dense(3),
        ]
    )
    peer.set_weights(ours.get_weights())
    x = np.random.default_rng(0).normal(size=(3, 35)).astype("float32")
    np.testing.assert_allclose(ours(x), peer(x), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("cell", [layers.SimpleRNNCell, layers.LSTMCell, layers.GRUCell])
def test_learns_to_read_rows(sample, cell, tmp_path):
    model = models.rnn(units=(30,), cell=cell)
    dnn_tf.fit(
        model,
        sample,
        loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=keras.optimizers.Adam(5e-3),
        epochs=4,
        batch_size=50,
        seed=1,
    )
    assert dnn_tf.evaluate(
        model, sample.test, loss=dnn_tf.losses.sparse_softmax_cross_entropy
    )["accuracy"] > 0.6  # fmt: skip
    loaded = dnn_tf.load(dnn_tf.save(model, tmp_path / "m", data=sample))
    x = sample.test.x[:20]
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))


def test_words_for_the_cells():
    model = models.rnn(units=(4, 3), activation="relu")
    assert all(
        model.get_layer(name).cell.activation is dnn_tf.activations.relu
        for name in ("recurrent1", "recurrent2")
    )


def test_an_activation_that_is_a_layer_is_one_a_cell():
    model = models.rnn((7, 5), (6, 4), 3, activation=layers.PReLU())
    slopes = [model.get_layer(f"recurrent{n}").cell.activation.slope for n in (1, 2)]
    assert [tuple(slope.shape) for slope in slopes] == [(6,), (4,)]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"image_shape": (28, 28, 1)}, r"image_shape is \(rows, columns\)"),
        ({"units": ()}, "one recurrent layer or more"),
        ({"units": (0,)}, "units1 is a whole number"),
        ({"units": 4}, "units is a sequence of whole numbers"),
        ({"image_shape": 28}, r"image_shape is \(rows, columns\)"),
        ({"cell": "lstm"}, "cell is a class such as layers.LSTMCell, and got 'lstm'"),
        ({"cell": keras.layers.LSTM}, "keras.layers.LSTM all of them"),
        ({"n_outputs": 2.5}, "n_outputs is a whole number"),
    ],
)
def test_sizes(words, message):
    with pytest.raises(InputError, match=message):
        models.rnn(**words)
