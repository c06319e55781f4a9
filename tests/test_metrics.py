"""What the tables do not say of the metrics."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import metrics
from dnn_tf.types import InputError


def test_a_dead_network_scores_by_luck_not_by_ties():
    """E3: the document's in_top_k calls ties right, and so a dead network perfect."""
    y, z = np.arange(10), np.zeros((10, 10), "float32")
    assert float(tf.reduce_mean(tf.cast(tf.math.in_top_k(y, z, 1), tf.float32))) == 1.0
    assert float(tf.reduce_mean(metrics.in_top_k(y, z))) == 1.0
    assert float(tf.reduce_sum(metrics.accuracy(y, z))) == 1.0


@pytest.mark.parametrize("k", [1, 2, 5])
def test_in_top_k_with_ties(k):
    rng = np.random.default_rng(0)
    z = rng.integers(0, 4, (200, 6)).astype("float32")  # many ties
    y = rng.integers(0, 6, 200)
    np.testing.assert_array_equal(
        metrics.in_top_k(y, z, k), tf.cast(tf.math.in_top_k(y, z, k), tf.float32)
    )


def test_confusion_matrix_is_tensorflows():
    rng = np.random.default_rng(0)
    y, predicted = rng.integers(0, 4, 100), rng.integers(0, 4, 100)
    np.testing.assert_array_equal(
        metrics.confusion_matrix(y, predicted, 5), tf.math.confusion_matrix(y, predicted, 5)
    )


def test_in_model_fit(blobs, small_model):
    small_model.compile("sgd", "sparse_categorical_crossentropy", metrics=[metrics.accuracy])
    history = small_model.fit(blobs.train.x, blobs.train.y, epochs=1, verbose=0).history
    assert 0 <= history["accuracy"][0] <= 1


def test_bias_of_errors_that_cancel():
    """004's MBE, with the sign of the residual turned: what is said less what is right."""
    found = metrics.mean_bias_error([1.0, 1.0, 1.0], [[2.0], [0.0], [4.0]])
    assert found.numpy().tolist() == [1, -1, 3]
    assert float(keras.ops.mean(found)) == 1


def test_main_output():
    main = metrics.main_output(metrics.accuracy)
    assert main.__name__ == "main_accuracy"  # a file must not take it for the plain one
    with pytest.raises(InputError, match="have no heads"):
        main([0], np.zeros((1, 3)))


def test_accuracy_of_probabilities_of_classes_and_of_a_column():
    z = np.array([[0.1, 0.9], [0.9, 0.1]], "float32")
    for y in ([1, 1], [[1], [1]], [[0.2, 0.8], [0.0, 1.0]]):
        assert metrics.accuracy(np.array(y), z).numpy().tolist() == [1, 0]
    with pytest.raises(InputError, match="no class numbers"):
        metrics.accuracy(np.array([1, 1, 1]), z)


@pytest.mark.parametrize("row", [[np.nan, 5.0], [3.0, -np.inf], [np.inf, 1.0]])
def test_in_top_k_is_that_of_tensorflow_where_numbers_are_not_finite(row):
    z = tf.constant([row])
    theirs = tf.math.in_top_k(targets=[0], predictions=z, k=1)
    assert bool(metrics.in_top_k([0], z)[0]) == bool(theirs[0])
