"""Many steps in one call."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.training.epoch import make_run

X = tf.constant([[1.0], [2.0], [3.0], [4.0]])
Y = tf.constant([10.0, 20.0, 30.0, 40.0])
BATCHES = tf.constant([[3, 0], [2, 1]])


def step(x, y):
    return tf.stack([tf.reduce_sum(x), tf.reduce_sum(y)])


def call(step, start, stop, mode="graph", totals=(0.0, 0.0)):
    run = make_run(step, jit_compile=mode == "xla", run_eagerly=mode == "eager")
    ends = tf.constant(start), tf.constant(stop)
    return run(X, Y, BATCHES, *ends, tf.constant(totals, tf.float64)).numpy()


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
def test_takes_the_rows_of_the_batches_in_their_order(mode):
    np.testing.assert_array_equal(call(step, 0, 1, mode), [5, 50])
    np.testing.assert_array_equal(call(step, 1, 2, mode), [5, 50])
    np.testing.assert_array_equal(call(step, 0, 2, mode, totals=(1.0, 0.0)), [11, 100])


def test_no_steps():
    np.testing.assert_array_equal(call(step, 1, 1), [0, 0])


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
def test_ends_after_a_loss_that_is_no_number(mode):
    taken = tf.Variable(0)

    def bad(x, y):
        taken.assign_add(1)
        return tf.constant([np.nan, 0.0])

    assert np.isnan(call(bad, 0, 2, mode)[0])
    assert int(taken) == 1


def test_one_trace_for_every_cut():
    traces = []

    def counted(x, y):
        traces.append(1)
        return step(x, y)

    run = make_run(counted, jit_compile=False)
    for start, stop in [(0, 1), (1, 2), (0, 2)]:
        run(X, Y, BATCHES, tf.constant(start), tf.constant(stop), tf.zeros(2, "float64"))
    assert len(traces) == 1
