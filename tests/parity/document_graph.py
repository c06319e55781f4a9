"""The document's own TF1 graph, for any TF1 optimiser and any clip."""

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1


def train(start, batches, x, y, make_optimizer, clip=None):
    """The document's construction and execution phases; yields the weights after every step.

    `make_optimizer` is given the count of the steps, and `clip` the list of the gradients. The
    graph computes in the precision of `x`.
    """

    def neuron_layer(X, n_neurons, name, activation=None):
        with tf.name_scope(name):
            n_inputs = int(X.get_shape()[1])
            stddev = 2 / np.sqrt(n_inputs)
            init = v1.truncated_normal((n_inputs, n_neurons), stddev=stddev, dtype=X.dtype)
            W = v1.Variable(init, name="kernel")
            b = v1.Variable(tf.zeros([n_neurons], X.dtype), name="bias")
            Z = tf.matmul(X, W) + b
            return activation(Z) if activation is not None else Z

    with tf.Graph().as_default(), v1.Session() as sess:
        X = v1.placeholder(x.dtype, shape=(None, 784), name="X")
        labels = v1.placeholder(tf.int64, shape=(None,), name="y")
        with tf.name_scope("dnn"):
            hidden1 = neuron_layer(X, 300, name="hidden1", activation=tf.nn.relu)
            hidden2 = neuron_layer(hidden1, 100, name="hidden2", activation=tf.nn.relu)
            logits = neuron_layer(hidden2, 10, name="outputs")
        with tf.name_scope("loss"):
            xentropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
            loss = tf.reduce_mean(xentropy, name="loss")
        with tf.name_scope("train"):
            count = v1.train.get_or_create_global_step()
            optimizer = make_optimizer(count)
            gradients, variables = zip(*optimizer.compute_gradients(loss), strict=True)
            capped = gradients if clip is None else clip(gradients)
            training_op = optimizer.apply_gradients(zip(capped, variables, strict=True), count)
        sess.run(v1.global_variables_initializer())
        assert [variable.op.name for variable in variables][:2] == [
            "dnn/hidden1/kernel",
            "dnn/hidden1/bias",
        ]
        for variable, value in zip(variables, start, strict=True):
            variable.load(value, sess)
        for rows in batches:
            sess.run(training_op, feed_dict={X: x[rows], labels: y[rows]})
            yield sess.run(variables)


def draw_batches(rows, steps=200, batch=50):
    """`steps` times `batch` of so many rows."""
    rng = np.random.RandomState(42)
    return np.stack([rng.permutation(rows)[:batch] for _ in range(steps)])


def largest_difference(one, other):
    return max(np.abs(a - b).max() for a, b in zip(one, other, strict=True))
