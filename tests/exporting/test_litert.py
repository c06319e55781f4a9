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


def test_unrolled():
    model = rnn((4, 3), (5, 2), 3, cell=LSTMCell)
    copy = litert.unrolled(model)
    x = np.random.default_rng(0).normal(size=(6, 12)).astype("float32")
    np.testing.assert_allclose(copy(x), model(x), rtol=1e-6, atol=1e-6)
    assert copy.get_layer("recurrent1").unroll
    assert not model.get_layer("recurrent1").unroll


def test_without_loops_nothing_is_copied():
    model = dnn(6, (5,), 3)
    assert litert.unrolled(model) is model


def test_a_loop_within_a_layer_is_refused(tmp_path):
    model = keras.Sequential(
        [keras.Input((4, 3)), keras.layers.Bidirectional(keras.layers.LSTM(2))]
    )
    with pytest.raises(InputError, match=r"LiteRT has no operation for TensorListReserve in model"):
        litert.write(model, tmp_path / "m.tflite", None)
