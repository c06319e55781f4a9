"""Slices of a batch."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.gradients import clip_by_global_norm, clip_by_norm, clip_by_value, clipped_share
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.metrics import accuracy
from dnn_tf.optimizers import GradientDescent
from dnn_tf.training.accumulation import in_slices
from dnn_tf.training.step import compile_function, make_step

ROWS = 12
modes = pytest.mark.parametrize(
    ("jit_compile", "run_eagerly"), [(False, True), (False, False), (True, False)],
    ids=["eager", "graph", "xla"],
)  # fmt: skip


def slope(x, y):
    """Of the mean of w x over the rows; and the number of rows."""
    return [tf.reduce_mean(x)], tf.stack([tf.cast(tf.shape(x)[0], "float32")])


@modes
@pytest.mark.parametrize("rows_at_once", [1, 2, 3, 4, 5, 7])
def test_by_hand(rows_at_once, jit_compile, run_eagerly):
    """The mean of 0, 1, 4, 9, 16, 25, whatever the slices."""
    sliced = compile_function(in_slices(slope, rows_at_once), jit_compile, run_eagerly)
    x = tf.range(6, dtype="float32") ** 2
    (gradient,), rows = sliced(x, x)
    assert float(gradient) == pytest.approx(55 / 6)
    assert float(rows[0]) == 6


def network(*extra):
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Dense(8, activation="tanh"), *extra, keras.layers.Dense(3)]
    return keras.Sequential([keras.Input((6,)), *layers])


def step_of(batch, model, rows_at_once, mode=(False, False), **words):
    """The weights after a step at the rate 1, and its sums."""
    step = make_step(
        model, sparse_softmax_cross_entropy, GradientDescent(1.0), rows_at_once=rows_at_once,
        **words,
    )  # fmt: skip
    sums = compile_function(step, *mode)(*batch)
    return [*model.get_weights(), np.array(sums)]


def largest_difference(one, other):
    return max(np.abs(a - b).max() for a, b in zip(one, other, strict=True))


@pytest.fixture
def batch(blobs):
    return tf.constant(blobs.train.x[:ROWS]), tf.constant(blobs.train.y[:ROWS])


@pytest.mark.parametrize(
    "clip",
    [None, clip_by_value(0.05), clip_by_norm(0.1), clip_by_global_norm(0.1)],
    ids=["plain", "by value", "by norm", "by global norm"],
)
@modes
@pytest.mark.parametrize("rows_at_once", [4, 5, 100])
def test_is_the_step_of_the_whole_batch(batch, rows_at_once, jit_compile, run_eagerly, clip):
    """Also with a clip, which acts on the sum and not on a slice."""
    words = {
        "clip": clip,
        "metrics": [accuracy],
        "clip_effects": () if clip is None else [clipped_share],
    }
    sliced = step_of(batch, network(), rows_at_once, (jit_compile, run_eagerly), **words)
    assert largest_difference(sliced, step_of(batch, network(), None, **words)) < 1e-5
    assert largest_difference(sliced[:-1], network().get_weights()) > 1e-3


def test_clipping_each_slice_would_differ(batch):
    """What the test before would see: the mean of two clipped halves is another step."""
    x, y = batch
    start, clip = network().get_weights(), clip_by_value(0.05)
    halves = [step_of((x[i], y[i]), network(), None, clip=clip) for i in (slice(6), slice(6, 12))]
    mean = [(a + b) / 2 for a, b in zip(*(half[:-1] for half in halves), strict=True)]
    whole = step_of(batch, network(), None, clip=clip)[:-1]
    assert largest_difference(whole, start) > 0.04
    assert largest_difference(whole, mean) > 1e-3


def test_batch_normalisation_sees_its_slice_only(batch):
    whole, sliced = (
        step_of(batch, network(keras.layers.BatchNormalization()), rows) for rows in (None, 4)
    )
    assert largest_difference(whole, sliced) > 1e-3


@pytest.mark.parametrize("rows_at_once", [3, 4, 5, 6])
def test_in_double_precision(batch, rows_at_once):
    keras.config.set_dtype_policy("float64")
    try:
        models = [network(), network()]
    finally:
        keras.config.set_dtype_policy("float32")
    batch = tf.cast(batch[0], "float64"), batch[1]
    whole, sliced = (
        step_of(batch, model, n)[:-1] for model, n in zip(models, (None, rows_at_once), strict=True)
    )
    assert largest_difference(whole, sliced) < 1e-12
