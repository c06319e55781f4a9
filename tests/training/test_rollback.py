"""Back to the last sound step."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.training.rollback import advance, finite


class Walk:
    """Adds 1 a step to a weight; the step `bad` puts `poison` into the weight or the loss."""

    def __init__(self, bad=None, poison=np.nan, where="weight"):
        self.weight = tf.Variable(0.0)
        self.counter = tf.Variable(0, dtype=tf.int64)
        self.bad, self.poison, self.where = bad, poison, where
        self.calls = 0

    def __call__(self, start, stop):
        self.calls += 1
        loss = 0.0
        for step in range(start, stop):
            self.counter.assign_add(1)
            self.weight.assign_add(1.0)
            if step == self.bad and self.where == "weight":
                self.weight.assign(self.poison)
            if step == self.bad and self.where == "loss":
                loss = self.poison
        return tf.constant([loss])


def test_sound_steps_are_taken_once():
    walk = Walk()
    _, done = advance(walk, [walk.weight, walk.counter], 0, 10, [walk.weight])
    assert (done, walk.calls, float(walk.weight)) == (10, 1, 10.0)


@pytest.mark.parametrize("bad", [0, 1, 4, 8, 9])
@pytest.mark.parametrize("where", ["weight", "loss"])
@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf])
def test_stops_before_the_bad_step(bad, where, poison):
    walk = Walk(bad, poison, where)
    totals, done = advance(walk, [walk.weight, walk.counter], 0, 10, [walk.weight])
    assert done == bad
    assert float(walk.weight) == bad
    assert int(walk.counter) == bad
    assert np.isfinite(totals.numpy()).all()
    assert walk.calls <= 2 + np.ceil(np.log2(10))


def test_starts_in_the_middle():
    walk = Walk(bad=7)
    walk(0, 5)
    _, done = advance(walk, [walk.weight, walk.counter], 5, 10, [walk.weight])
    assert (done, float(walk.weight)) == (7, 7.0)


def test_what_can_stop_being_finite():
    fractions, whole = tf.Variable([1.0, 2.0]), tf.Variable(3)
    assert finite([fractions, whole, tf.Variable([1.0, np.inf])]) == [fractions]


def test_a_variable_that_is_not_watched_may_be_infinite():
    walk, mask = Walk(), tf.Variable(-np.inf)
    _, done = advance(walk, [walk.weight, mask], 0, 10, [walk.weight])
    assert (done, walk.calls) == (10, 1)
