"""Seconds an epoch of the documented example: the document's TF1 loop, `model.fit`, `dnn_tf.fit`.

    python benchmarks/mnist_epoch.py [--rounds 9] [--data mnist]

One process, the same arrays, the same sizes: 784-300-100-10, batches of 50, gradient descent at
0.01. An epoch is the document's: every training image once, the accuracy in training, and the
accuracy on the test images. In each round every one of the three does one epoch, so that whatever
else the machine does falls on all of them; the first round (compilation) does not count.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

import dnn_tf

BATCH, RATE = 50, 0.01
v1 = tf.compat.v1


def tf1_session_loop(data: dnn_tf.data.Dataset) -> Callable[[], None]:
    """The document's graph and its loop, batches drawn as in the reference notebook."""
    x, y, test = data.train.x, data.train.y, data.test

    def neuron_layer(X, n_neurons, name, activation=None):
        with tf.name_scope(name):
            n_inputs = int(X.shape[1])
            init = v1.truncated_normal((n_inputs, n_neurons), stddev=2 / np.sqrt(n_inputs))
            W = v1.Variable(init, name="kernel")
            b = v1.Variable(tf.zeros([n_neurons]), name="bias")
            Z = tf.matmul(X, W) + b
            return Z if activation is None else activation(Z)

    with tf.Graph().as_default() as graph:
        X = v1.placeholder(tf.float32, shape=(None, x.shape[1]), name="X")
        labels = v1.placeholder(tf.int64, shape=(None,), name="y")
        hidden1 = neuron_layer(X, 300, "hidden1", tf.nn.relu)
        hidden2 = neuron_layer(hidden1, 100, "hidden2", tf.nn.relu)
        logits = neuron_layer(hidden2, 10, "outputs")
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        )
        training_op = v1.train.GradientDescentOptimizer(RATE).minimize(loss)
        correct = tf.nn.in_top_k(targets=labels, predictions=logits, k=1)
        accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
        session = v1.Session(graph=graph)
        session.run(v1.global_variables_initializer())

    def epoch() -> None:
        for rows in np.array_split(np.random.permutation(len(x)), len(x) // BATCH):
            X_batch, y_batch = x[rows], y[rows]
            session.run(training_op, feed_dict={X: X_batch, labels: y_batch})
        session.run(accuracy, feed_dict={X: X_batch, labels: y_batch})
        session.run(accuracy, feed_dict={X: test.x, labels: test.y})

    return epoch


def model_fit(data: dnn_tf.data.Dataset) -> Callable[[], None]:
    """`model.fit` as it comes."""
    train, test = data.train, data.test
    model = dnn_tf.models.dnn(layer=keras.layers.Dense)
    model.compile(
        keras.optimizers.SGD(RATE),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    held_out = (test.x, test.y)
    return lambda: model.fit(
        train.x, train.y, batch_size=BATCH, epochs=1, verbose=0, validation_data=held_out
    )


class Peers(keras.callbacks.Callback):
    """Lets every peer train an epoch after each epoch of `dnn_tf.fit`."""

    def __init__(self, peers: dict[str, Callable[[], None]]):
        super().__init__()
        self.peers = peers
        self.seconds: dict[str, list[float]] = {name: [] for name in peers}

    def on_epoch_end(self, *_):
        """A round."""
        for name, train_epoch in self.peers.items():
            began = time.perf_counter()
            train_epoch()
            self.seconds[name].append(time.perf_counter() - began)


def main() -> None:
    """Trains and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="timed epochs of each (9)")
    parser.add_argument("--data", default="mnist", help="mnist or mnist-sample (mnist)")
    options = parser.parse_args()

    data = dnn_tf.data.load(options.data)
    peers = Peers({"TF1 session loop": tf1_session_loop(data), "model.fit": model_fit(data)})
    history = dnn_tf.fit(
        dnn_tf.models.dnn(),
        data,
        loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=dnn_tf.optimizers.GradientDescent(RATE),
        epochs=1 + options.rounds,
        batch_size=BATCH,
        watch=("test",),
        callbacks=[peers],
    ).history
    seconds = {name: times[1:] for name, times in peers.seconds.items()}
    seconds["dnn_tf.fit"] = history["seconds"][1:]

    ours = statistics.median(seconds["dnn_tf.fit"])
    print(
        f"{len(data.train)} images of {data.source}, batch {BATCH}, {options.rounds} epochs of each"
    )
    print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, {platform.machine()},", end=" ")
    print(f"{os.cpu_count()} cores, {dnn_tf.training.device_name()}")
    print(f"{'':18} {'median s':>9} {'fastest':>9} {'slowest':>9} {'to dnn_tf':>10}")
    for name, times in seconds.items():
        median = statistics.median(times)
        row = f"{name:18} {median:9.3f} {min(times):9.3f} {max(times):9.3f} {median / ours:9.2f}x"
        print(row)


if __name__ == "__main__":
    main()
