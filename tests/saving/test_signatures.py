"""The network as it is served."""

import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf.data import ImageFormat
from dnn_tf.saving.signatures import ServedNetwork, answer_of, as_features, n_classes_of


@pytest.mark.parametrize("flat", [True, False])
def test_features_in_the_graph_are_those_outside(flat):
    image_format = ImageFormat(3, 4, 3, flat)
    pixels = np.random.default_rng(0).integers(0, 256, (5, 3, 4, 3), "uint8")
    np.testing.assert_allclose(
        as_features(tf.constant(pixels), image_format), image_format.features(pixels), rtol=1e-7
    )


def test_answers():
    model = dnn_tf.models.dnn(12, (5,), 3)
    served = ServedNetwork(model, ImageFormat(3, 4))
    pixels = np.random.default_rng(0).integers(0, 256, (6, 3, 4, 1), "uint8")
    answer = served.images(pixels)
    features = ImageFormat(3, 4).features(pixels)
    np.testing.assert_allclose(answer["logits"], model(features), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(tf.reduce_sum(answer["probabilities"], 1), np.ones(6), rtol=1e-6)
    np.testing.assert_array_equal(answer["classes"], np.argmax(model(features), 1))
    assert served.features(features[:0])["classes"].shape == (0,)


def test_without_images():
    assert set(ServedNetwork(dnn_tf.models.dnn(4, (), 2), None).endpoints) == {"serving_default"}


def test_one_logit_is_that_of_class_1():
    model = dnn_tf.models.perceptron(4)
    model.set_weights([np.ones((4, 1)), np.zeros(1)])
    answer = ServedNetwork(model, None).features(np.float32([[1, 1, 0, 0], [-3, 0, 0, 0]]))
    np.testing.assert_array_equal(answer["classes"], [1, 0])
    expected = [[1 / (1 + np.exp(-2))], [1 / (1 + np.exp(3))]]
    np.testing.assert_allclose(answer["probabilities"], expected, rtol=1e-6)


def test_as_many_classes_as_the_answers_name():
    for n_outputs in (1, 2, 3):
        logits = np.eye(n_outputs, dtype="float32") - 0.5
        answers = answer_of(tf.constant(np.concatenate([logits, -logits])))["classes"]
        assert set(answers.numpy()) == set(range(n_classes_of(n_outputs)))
