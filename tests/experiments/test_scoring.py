"""How well a trained network does."""

import dnn_tf
from dnn_tf.experiments.scoring import share_right


def test_as_evaluate(blobs, small_model):
    loss = dnn_tf.losses.sparse_softmax_cross_entropy
    measured = dnn_tf.evaluate(small_model, blobs.test, loss=loss)
    assert abs(share_right(small_model, blobs.test) - measured["accuracy"]) < 1e-6
