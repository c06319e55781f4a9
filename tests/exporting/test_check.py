"""Whether the comparison sees what is wrong."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.data import ImageFormat
from dnn_tf.exporting.check import compare, largest_difference
from dnn_tf.models import dnn
from dnn_tf.types import InputError

Z = np.float32([[0.1, 0.2, 0.3], [30.0, -40.0, 10.0]])


def answer(z, **changes):
    probabilities = np.exp(z - z.max(1, keepdims=True))
    probabilities /= probabilities.sum(1, keepdims=True)
    return {"logits": z, "probabilities": probabilities, "classes": z.argmax(1)} | changes


@pytest.mark.parametrize(
    ("wrong", "difference"),
    [
        (answer(Z), 0),
        (answer(Z + np.float32([[0, 0, 0], [0, 0, 0.02]])), 0.02 / 40),
        (answer(Z, probabilities=answer(Z)["probabilities"] + [[0, 0.1, 0], [0, 0, 0]]), 0.1),
        (answer(Z, classes=np.array([2, 2])), np.inf),
        (answer(Z[:1]), np.inf),  # else repeated without a word
        (answer(Z, probabilities=Z[:, :1]), np.inf),
        (answer(Z * np.float32([[1, 1, np.nan]])), np.nan),
        (answer(Z, probabilities=Z * np.nan), np.nan),
    ],
)
def test_difference(wrong, difference):
    assert largest_difference(Z, wrong) == pytest.approx(
        difference, rel=1e-3, abs=1e-7, nan_ok=True
    )


def test_of_small_logits_it_is_absolute():
    z = np.float32([[0.01, 0.02]])
    assert largest_difference(z, answer(z + np.float32(1e-3))) == pytest.approx(1e-3, rel=1e-3)


def test_of_large_logits_a_probability_may_not_be_far_off():
    z = np.float32([[1000.0, 1000.0]])
    off = answer(z + np.float32([[0, 0.005]]), classes=[1])
    assert largest_difference(z, off) == pytest.approx(0.005 / 4, rel=0.05)


def asked_of(model, image_format):
    asked = []

    def runtime(**inputs):
        ((name, x),) = inputs.items()
        asked.append((name, x.shape, x.dtype.name))
        features = image_format.features(x) if name == "images" else x
        return answer(model(features).numpy())

    return compare(model, runtime, image_format), asked


def test_one_sample_and_many_of_both_kinds():
    model = dnn(12, (5,), 3)
    found, asked = asked_of(model, None)
    assert found.samples == 66
    assert found.difference < 1e-6
    assert asked == 2 * [("features", (1, 12), "float32")] + 2 * [("features", (32, 12), "float32")]
    found, asked = asked_of(model, ImageFormat(2, 2, 3))
    assert found.samples == 99
    assert asked[2] == ("images", (1, 2, 2, 3), "uint8")


def test_an_embedding_is_asked_about_rows_it_has():
    inputs = keras.Input((5,), dtype="int32")
    hidden = keras.Sequential([keras.Input((5,)), keras.layers.Embedding(3, 2)])(inputs)
    model = keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Flatten()(hidden)))
    asked = []

    def runtime(features):
        asked.append(features)
        return answer(model(features).numpy())

    assert compare(model, runtime, None).difference < 1e-6
    assert {features.dtype.name for features in asked} == {"int32"}
    assert {int(row) for features in asked for row in features.ravel()} == {0, 1, 2}


def test_the_worst_of_all_counts():
    model = dnn(12, (5,), 3)
    calls = iter([0, 0.1, np.nan, 0])
    found = compare(model, lambda features: answer(model(features).numpy() + next(calls)), None)
    assert not found.difference <= 1  # NaN


def test_a_broken_model_is_not_compared():
    model = dnn(4, (3,), 2)
    model.layers[1].bias.assign([0, np.nan, 0])
    with pytest.raises(InputError, match="answers with NaN or infinity"):
        compare(model, lambda features: answer(features), None)


def test_precision_is_as_it_was():
    was = tf.config.experimental.tensor_float_32_execution_enabled()
    asked_of(dnn(12, (5,), 3), None)
    assert tf.config.experimental.tensor_float_32_execution_enabled() is was
