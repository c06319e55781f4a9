"""The documents' own: a TF1 graph, and a Python loop that feeds a session."""

import numpy as np
import tensorflow as tf

from benchmarks.calls import predict_in_turn
from benchmarks.data import Data
from benchmarks.not_expressible import NotExpressible
from benchmarks.peers.tensorflow_here import device, versions
from benchmarks.turn import Turn
from benchmarks.works import IMAGE, INPUTS, POOL, Work

__all__ = ["device", "run", "versions"]

v1 = tf.compat.v1


def batch_norm(Z: tf.Tensor, training: tf.Tensor) -> tf.Tensor:
    """What `tf.layers.batch_normalization` was for rows, with the updates of its averages."""
    width = int(Z.shape[1])
    gamma, beta = v1.Variable(tf.ones([width])), v1.Variable(tf.zeros([width]))
    moving_mean = v1.Variable(tf.zeros([width]), trainable=False)
    moving_variance = v1.Variable(tf.ones([width]), trainable=False)
    mean, variance = tf.nn.moments(Z, [0])
    for moving, now in ((moving_mean, mean), (moving_variance, variance)):
        update = v1.assign_sub(moving, 0.1 * (moving - now))
        v1.add_to_collection(v1.GraphKeys.UPDATE_OPS, update)
    mean, variance = tf.cond(
        training, lambda: (mean, variance), lambda: (moving_mean.value(), moving_variance.value())
    )
    return tf.nn.batch_normalization(Z, mean, variance, beta, gamma, 1e-3)


def logits_of(work: Work, data: Data, X: tf.Tensor, training: tf.Tensor) -> tf.Tensor:
    """The construction phase, from the given weights."""
    if work.noise is not None or work.activation == "rrelu":
        raise NotExpressible("not an operation of TF1")
    activation = {"relu": tf.nn.relu, "elu": tf.nn.elu}[work.activation]
    Z = tf.reshape(X, [-1, *IMAGE]) if work.filters else X
    for number, (kernel, bias) in enumerate(data.weights):
        W, b = v1.Variable(kernel), v1.Variable(bias)
        if kernel.ndim == 4:
            Z = activation(tf.nn.conv2d(Z, W, strides=1, padding="VALID") + b)
            Z = tf.nn.max_pool2d(Z, POOL, POOL, padding="VALID")
            continue
        if len(Z.shape) == 4:
            Z = tf.reshape(Z, [-1, kernel.shape[0]])
        Z = tf.matmul(Z, W) + b
        if number == len(data.weights) - 1:
            break
        Z = activation(batch_norm(Z, training) if work.batch_norm else Z)
        if work.dropout is not None:
            rate = tf.where(training, work.dropout, 0.0)
            Z = tf.nn.dropout(Z, rate=rate)
    return Z


def run(work: Work, data: Data, turn: Turn) -> None:
    """The execution phase."""
    x, y = data.x, data.y
    with tf.Graph().as_default() as graph:
        X = v1.placeholder(tf.float32, shape=(None, INPUTS), name="X")
        labels = v1.placeholder(tf.int32, shape=(None,), name="y")
        training = v1.placeholder_with_default(False, shape=(), name="training")
        logits = logits_of(work, data, X, training)
        xentropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        loss = tf.reduce_mean(xentropy)
        optimizers = {"sgd": v1.train.GradientDescentOptimizer, "adam": v1.train.AdamOptimizer}
        with tf.control_dependencies(v1.get_collection(v1.GraphKeys.UPDATE_OPS)):
            training_op = optimizers[work.optimizer](work.rate).minimize(loss)
        correct = tf.nn.in_top_k(targets=labels, predictions=logits, k=1)
        accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
        session = v1.Session(graph=graph)
        session.run(v1.global_variables_initializer())

    if work.task != "train":
        turn.ready("session.run")
        predict_in_turn(work, data, turn, lambda rows: session.run(logits, feed_dict={X: rows}))
    turn.ready("feed_dict, batches of a permutation")
    steps = len(x) // work.batch
    while True:
        turn.wait()
        losses = accuracies = 0.0
        for rows in np.array_split(np.random.permutation(len(x)), steps):
            _, batch_loss, batch_accuracy = session.run(
                [training_op, loss, accuracy],
                feed_dict={X: x[rows], labels: y[rows], training: True},
            )
            losses += float(batch_loss)
            accuracies += float(batch_accuracy)
        turn.tell(losses / steps, accuracies / steps)
