"""What the tables do not say of the losses."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import activations, losses
from dnn_tf.types import InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")


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


def test_one_output_is_for_the_sigmoid():
    for loss, y in (
        (losses.sparse_softmax_cross_entropy, [0]),
        (losses.softmax_cross_entropy, [[1.0]]),
    ):
        with pytest.raises(InputError, match="take losses.sigmoid_cross_entropy"):
            loss(y, np.array([[0.3]], "float32"))


def test_a_column_of_labels_is_a_label_a_row():
    """Not a (batch, batch) table, which trained a wrong network without a word."""
    z, y = np.random.default_rng(0).normal(size=(6, 4)), np.arange(6) % 4
    row = losses.sparse_softmax_cross_entropy(y, z)
    np.testing.assert_array_equal(losses.sparse_softmax_cross_entropy(y[:, None], z), row)


@pytest.mark.parametrize("y", [np.eye(2), np.zeros((3, 1)), np.zeros(3), np.zeros((2, 1, 1))])
def test_labels_that_are_no_class_numbers(y):
    with pytest.raises(InputError, match="no class numbers.*take losses.softmax_cross_entropy"):
        losses.sparse_softmax_cross_entropy(y, np.zeros((2, 2), "float32"))


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_classes_that_are_ruled_out(dtype):
    """A logit of minus infinity, or so low that float16 says so."""
    z = tf.constant([[0.0, -np.inf, 1.0]] if dtype == "float32" else [[4e4, -4e4, 4e4]], dtype)
    theirs = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0], logits=z)
    with tf.GradientTape() as tape:
        tape.watch(z)
        ours = losses.sparse_softmax_cross_entropy([0], z)
    np.testing.assert_allclose(ours, theirs, rtol=1e-3)
    assert np.isfinite(tape.gradient(ours, z)).all()
    dense = losses.softmax_cross_entropy([[1.0, 0.0, 0.0]], z)
    np.testing.assert_allclose(dense, theirs, rtol=1e-3)


def test_what_is_nearly_right_costs_a_little_and_not_nothing():
    """ln(1 + e^-20) is 2e-9, which 1 + e^-20 in float32 is too coarse for."""
    found = losses.sigmoid_cross_entropy([0.0], np.array([-20.0], "float32"))
    np.testing.assert_allclose(found, np.exp(-20), rtol=1e-5)


def test_two_classes_by_softmax_are_one_output_by_sigmoid():
    z, y = np.random.default_rng(0).normal(size=(20, 1)), np.arange(20) % 2
    both = np.concatenate([np.zeros_like(z), z], axis=1)
    np.testing.assert_allclose(
        losses.sigmoid_cross_entropy(y, z), losses.sparse_softmax_cross_entropy(y, both)
    )


def test_gradient_of_the_softmax_is_p_minus_the_label():
    """L12."""
    z, y = tf.constant(np.random.default_rng(0).normal(size=(6, 4))), np.arange(6) % 4
    with tf.GradientTape() as tape:
        tape.watch(z)
        total = tf.reduce_sum(losses.sparse_softmax_cross_entropy(y, z))
    np.testing.assert_allclose(tape.gradient(total, z), activations.softmax(z) - np.eye(4)[y])


def test_summed_it_steps_as_many_times_further_as_the_batch_has_rows():
    """L3: the fourth document sums over the batch, the walkthrough takes the mean."""
    z, y = tf.constant(np.random.default_rng(0).normal(size=(6, 4))), np.arange(6) % 4
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(z)
        values = losses.sparse_softmax_cross_entropy(y, z)
        total, mean = tf.reduce_sum(values), tf.reduce_mean(values)
    np.testing.assert_allclose(tape.gradient(total, z), 6 * tape.gradient(mean, z))


def test_what_is_small_beside_a_large_logit_is_not_lost():
    """Two equal logits of 10,000: ln 2, which float32 could not add to 10,000."""
    z = np.array([[1e4, 1e4]], "float32")
    np.testing.assert_allclose(losses.sparse_softmax_cross_entropy([0], z), np.log(2), rtol=1e-6)
