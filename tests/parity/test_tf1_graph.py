"""The document's own TF1 graph and this package: same weights, same batches, same training."""

import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf.training.epoch import make_run
from dnn_tf.training.step import make_step

v1 = tf.compat.v1
STEPS, BATCH = 200, 50


def tf1_training(start, batches, x, y, threshold):
    """The document's construction and execution phases; yields the weights after every step."""

    def neuron_layer(X, n_neurons, name, activation=None):
        with tf.name_scope(name):
            n_inputs = int(X.get_shape()[1])
            stddev = 2 / np.sqrt(n_inputs)
            init = v1.truncated_normal((n_inputs, n_neurons), stddev=stddev)
            W = v1.Variable(init, name="kernel")
            b = v1.Variable(tf.zeros([n_neurons]), name="bias")
            Z = tf.matmul(X, W) + b
            return activation(Z) if activation is not None else Z

    with tf.Graph().as_default(), v1.Session() as sess:
        X = v1.placeholder(tf.float32, shape=(None, 784), name="X")
        labels = v1.placeholder(tf.int64, shape=(None,), name="y")
        with tf.name_scope("dnn"):
            hidden1 = neuron_layer(X, 300, name="hidden1", activation=tf.nn.relu)
            hidden2 = neuron_layer(hidden1, 100, name="hidden2", activation=tf.nn.relu)
            logits = neuron_layer(hidden2, 10, name="outputs")
        with tf.name_scope("loss"):
            xentropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
            loss = tf.reduce_mean(xentropy, name="loss")
        with tf.name_scope("train"):
            optimizer = v1.train.GradientDescentOptimizer(0.01)
            if threshold is None:
                training_op = optimizer.minimize(loss)
            else:
                grads_and_vars = optimizer.compute_gradients(loss)
                capped_gvs = [
                    (tf.clip_by_value(grad, -threshold, threshold), var)
                    for grad, var in grads_and_vars
                ]
                training_op = optimizer.apply_gradients(capped_gvs)
        sess.run(v1.global_variables_initializer())
        variables = v1.trainable_variables()
        assert [variable.op.name for variable in variables][:2] == [
            "dnn/hidden1/kernel",
            "dnn/hidden1/bias",
        ]
        for variable, value in zip(variables, start, strict=True):
            variable.load(value, sess)
        for rows in batches:
            sess.run(training_op, feed_dict={X: x[rows], labels: y[rows]})
            yield sess.run(variables)


@pytest.fixture(scope="module")
def batches(sample):
    rng = np.random.RandomState(42)
    return np.stack([rng.permutation(len(sample.train))[:BATCH] for _ in range(STEPS)])


@pytest.fixture(scope="module", params=[None, 0.002], ids=["plain", "clipped"])
def oracle(request, sample, batches):
    """The threshold, the start, and TF1's weights after the first and the last step."""
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
    run(x, y, tf.constant(batches), tf.constant(1), tf.constant(STEPS), totals)
    assert largest_difference(model.get_weights(), after_all) < 1e-4
    assert largest_difference(after_all, start) > 1e-3  # it did train


def test_the_threshold_bites(sample, batches):
    start = dnn_tf.models.dnn().get_weights()
    x, y = sample.train.x, sample.train.y
    plain, clipped = (
        next(iter(tf1_training(start, batches[:1], x, y, threshold))) for threshold in (None, 0.002)
    )
    assert largest_difference(plain, clipped) > 1e-5


def largest_difference(one, other):
    return max(np.abs(a - b).max() for a, b in zip(one, other, strict=True))
