"""What the tables do not say of the losses."""

import keras
import numpy as np
import pytest

from dnn_tf import losses


def test_by_hand():
    logits = np.log([[0.6, 0.3, 0.1]]).astype("float32")
    found = [float(losses.sparse_softmax_cross_entropy([y], logits)[0]) for y in range(3)]
    assert found == pytest.approx([0.5108, 1.2040, 2.3026], abs=1e-4)  # the fifth document's


def test_float64_formula():
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(40, 7), scale=3), rng.integers(0, 7, 40)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(
        losses.sparse_softmax_cross_entropy(y, keras.ops.convert_to_tensor(z)),
        -np.log(p[np.arange(40), y]),
        rtol=1e-12,
    )


def test_sure_and_right_costs_nothing_sure_and_wrong_costs_the_difference():
    z = np.array([[1e4, 0.0], [1e4, -1e4]], "float32")
    found = losses.sparse_softmax_cross_entropy([0, 1], z)
    np.testing.assert_array_equal(found, [0, 2e4])


def test_in_model_fit(blobs, small_model):
    small_model.compile("sgd", loss=losses.sparse_softmax_cross_entropy)
    history = small_model.fit(blobs.train.x, blobs.train.y, epochs=3, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
