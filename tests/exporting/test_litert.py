"""LiteRT files."""

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from dnn_tf.exporting import litert
from dnn_tf.layers import LSTMCell
from dnn_tf.models import dnn, rnn
from dnn_tf.types import InputError


def test_names_and_free_batch(tmp_path):
    litert.write(dnn(6, (5,), 3), tmp_path / "m.tflite", None)
    interpreter = Interpreter(str(tmp_path / "m.tflite"))
    assert interpreter.get_signature_list() == {
        "serving_default": {
            "inputs": ["features"],
            "outputs": ["classes", "logits", "probabilities"],
        }
    }
    assert interpreter.get_input_details()[0]["shape_signature"].tolist() == [-1, 6]


def nested(recurrent):
    return keras.Sequential([keras.Input((4, 3)), recurrent, keras.layers.Dense(2)])


@pytest.mark.parametrize(
    "model",
    [
        lambda: rnn((4, 3), (5, 2), 3, cell=LSTMCell),
        lambda: nested(keras.layers.Bidirectional(keras.layers.LSTM(2))),
        lambda: nested(nested(keras.layers.GRU(2))),
    ],
    ids=["rnn", "bidirectional", "model in a model"],
)
def test_loops_are_unrolled_and_the_model_is_as_before(model, tmp_path):
    model = model()
    litert.write(model, tmp_path / "m.tflite", None)
    x = np.random.default_rng(0).standard_normal((6, *model.input_shape[1:]), "float32")
    found = litert.load(tmp_path / "m.tflite")(features=x)["logits"]
    np.testing.assert_allclose(found, model(x), rtol=1e-5, atol=1e-6)
    layers = [layer for layer in model._flatten_layers() if isinstance(layer, keras.layers.RNN)]
    assert layers
    assert not any(layer.unroll for layer in layers)


def test_unrolled_until_the_block_ends():
    model = rnn((4, 3), (5, 2), 3, cell=LSTMCell)
    model.get_layer("recurrent2").unroll = True
    with pytest.raises(KeyboardInterrupt), litert.unrolled(model):
        assert model.get_layer("recurrent1").unroll
        raise KeyboardInterrupt
    assert not model.get_layer("recurrent1").unroll
    assert model.get_layer("recurrent2").unroll


def test_an_operation_that_litert_lacks_is_named(tmp_path):
    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.ops.erfinv(inputs))
    with pytest.raises(InputError, match=r"LiteRT has no operation for Erfinv in model"):
        litert.write(model, tmp_path / "m.tflite", None)
