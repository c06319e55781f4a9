"""Measuring."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.data import Split, Stream
from dnn_tf.training import evaluate, evaluation
from dnn_tf.training.evaluation import name_of
from dnn_tf.types import InputError


@pytest.mark.parametrize("at_once", [1, 4_000_000])
def test_equals_model_evaluate_in_one_chunk_and_in_several(monkeypatch, at_once):
    monkeypatch.setattr(evaluation, "NUMBERS_AT_ONCE", at_once)
    model = dnn_tf.models.dnn(6, (8,), 3)
    rng = np.random.default_rng(0)
    split = Split(rng.normal(size=(2345, 6)).astype("float32"), rng.integers(0, 3, 2345))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(loss=loss, metrics=["accuracy"])
    theirs = model.evaluate(split.x, split.y, verbose=0)
    ours = evaluate(model, split, loss=dnn_tf.losses.sparse_softmax_cross_entropy)
    assert list(ours) == ["loss", "accuracy"]
    assert ours["loss"] == pytest.approx(theirs[0], rel=1e-5)
    assert ours["accuracy"] == round(theirs[1] * 2345) / 2345  # a share, without rounding


def test_inference_mode(blobs):
    inputs = keras.Input((6,))
    model = keras.Model(inputs, keras.layers.Dense(3)(keras.layers.Dropout(0.9)(inputs)))
    loss = dnn_tf.losses.sparse_softmax_cross_entropy
    assert evaluate(model, blobs.test, loss=loss) == evaluate(model, blobs.test, loss=loss)


def test_the_wider_a_network_the_fewer_rows_at_once():
    assert evaluation._rows_at_once(dnn_tf.models.dnn(784, (300,), 10)) == 4_000_000 // 784
    assert evaluation._rows_at_once(dnn_tf.models.dnn(10, (4000,), 2)) == 1_000
    assert evaluation._rows_at_once(dnn_tf.models.cnn()) == 1_000


def test_names():
    assert name_of(dnn_tf.metrics.accuracy) == "accuracy"
    assert name_of(keras.losses.MeanSquaredError(name="mse")) == "mse"


def test_refuses_what_the_model_cannot_take(small_model, blobs):
    with pytest.raises(InputError, match="the data: a sample has the shape"):
        evaluate(
            small_model,
            Split(blobs.test.x[:, :4], blobs.test.y),
            loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        )


@pytest.mark.parametrize("label", [9, -1])
def test_a_label_of_a_stream_that_is_no_class_is_named(small_model, blobs, label):
    y = blobs.test.y.copy()
    y[7] = label
    stream = Stream.from_generator(lambda: zip(blobs.test.x, y, strict=True), rows=len(y))
    with pytest.raises(InputError, match=f"row 7: y is {label}, and a whole number from 0 to 2"):
        evaluate(small_model, stream, loss=dnn_tf.losses.sparse_softmax_cross_entropy)
