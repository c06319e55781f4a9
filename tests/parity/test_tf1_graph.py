"""The document's own TF1 graph and this package: same weights, same batches, same training."""

import keras
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf.training.epoch import make_run
from dnn_tf.training.step import make_step
from parity.document_graph import draw_batches, largest_difference, train


def tf1_training(start, batches, x, y, threshold):
    def clip(gradients):
        return [tf.clip_by_value(g, -threshold, threshold) for g in gradients]

    return train(
        start, batches, x, y,
        lambda _: tf.compat.v1.train.GradientDescentOptimizer(0.01),
        None if threshold is None else clip,
    )  # fmt: skip


@pytest.fixture(scope="module")
def batches(sample):
    return draw_batches(len(sample.train))


@pytest.fixture(scope="module", params=[None, 0.002], ids=["plain", "clipped"])
def oracle(request, sample, batches):
    """The threshold, the start, and TF1's weights after the first and the last step."""
    keras.utils.set_random_seed(0)  # from some starts, single precision drifts apart
    start = dnn_tf.models.dnn().get_weights()
    x, y = sample.train.x, sample.train.y
    weights = list(tf1_training(start, batches, x, y, request.param))
    return request.param, start, weights[0], weights[-1]


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
def test_weights_after_one_and_two_hundred_steps(oracle, mode, sample, batches):
    threshold, start, after_one, after_all = oracle
    model = dnn_tf.models.dnn()
    model.set_weights(start)
    step = make_step(
        model,
        dnn_tf.losses.sparse_softmax_cross_entropy,
        dnn_tf.optimizers.GradientDescent(0.01),
        clip=None if threshold is None else dnn_tf.gradients.clip_by_value(threshold),
    )
    run = make_run(step, jit_compile=mode == "xla", run_eagerly=mode == "eager")
    x, y = tf.constant(sample.train.x), tf.constant(sample.train.y)
    totals = tf.zeros(1, "float64")
    run(x, y, tf.constant(batches), tf.constant(0), tf.constant(1), totals)
    assert largest_difference(model.get_weights(), after_one) < 1e-6
    run(x, y, tf.constant(batches), tf.constant(1), tf.constant(len(batches)), totals)
    assert largest_difference(model.get_weights(), after_all) < 1e-4
    assert largest_difference(after_all, start) > 1e-3  # it did train


def test_the_threshold_bites(sample, batches):
    start = dnn_tf.models.dnn().get_weights()
    x, y = sample.train.x, sample.train.y
    plain, clipped = (
        next(iter(tf1_training(start, batches[:1], x, y, threshold))) for threshold in (None, 0.002)
    )
    assert largest_difference(plain, clipped) > 1e-5
