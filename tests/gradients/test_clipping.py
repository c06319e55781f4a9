"""Clipping."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.gradients import (
    clip_by,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    turned_angle,
)
from dnn_tf.types import InputError

CLIPS = {
    "by value": (clip_by_value, lambda gs: [np.minimum(np.maximum(g, -0.7), 0.7) for g in gs]),
    "by norm": (
        clip_by_norm,
        lambda gs: [g * min(1, 0.7 / np.sqrt((g**2).sum())) for g in gs],
    ),
    "by global norm": (
        clip_by_global_norm,
        lambda gs: [g * min(1, 0.7 / np.sqrt(sum((g**2).sum() for g in gs))) for g in gs],
    ),
}
every_clip = pytest.mark.parametrize(("make", "formula"), CLIPS.values(), ids=CLIPS)


def some_gradients(size):
    rng = np.random.default_rng(0)
    return [size * rng.normal(size=shape) for shape in [(3, 4), (4,), (2, 2, 2), ()]]


def as_tensors(gradients, dtype="float64"):
    return [tf.constant(g, dtype) for g in gradients]


def check_equal(one, other, rtol=1e-12):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=rtol)


@pytest.mark.parametrize(
    ("clip", "expected"),
    [
        (clip_by_value(2.0), [[2.0, -2.0], [1.0]]),
        (clip_by_norm(2.5), [[1.5, -2.0], [1.0]]),
        (clip_by_global_norm(2.55), [[1.5, -2.0], [0.5]]),
    ],
)
def test_by_hand(clip, expected):
    """Norms 5 and 1, together root 26."""
    clipped = clip(as_tensors([[3.0, -4.0], [1.0]]))
    check_equal(clipped, expected, rtol=1e-3)


@pytest.mark.parametrize("size", [0.01, 0.3, 1.0, 100.0])
@every_clip
def test_numpy_in_double_precision(make, formula, size):
    gradients = some_gradients(size)
    check_equal(make(0.7)(as_tensors(gradients)), formula(gradients))


@pytest.mark.parametrize("size", [0.01, 0.3, 1.0, 100.0])
def test_peers(size):
    gs = as_tensors(some_gradients(size))
    check_equal(clip_by_value(0.7)(gs), [tf.clip_by_value(g, -0.7, 0.7) for g in gs])
    check_equal(clip_by_norm(0.7)(gs), [tf.clip_by_norm(g, 0.7) for g in gs])
    check_equal(clip_by_global_norm(0.7)(gs), tf.clip_by_global_norm(gs, 0.7)[0])


@every_clip
def test_what_is_within_the_threshold_stays_bit_for_bit(make, formula):
    gs = as_tensors(some_gradients(0.01), "float32")
    for ours, g in zip(make(0.7)(gs), gs, strict=True):
        np.testing.assert_array_equal(ours, g)


@every_clip
def test_xla_and_eager_agree(make, formula):
    gs = as_tensors(some_gradients(10.0), "float32")
    compiled = tf.function(make(0.7), jit_compile=True, autograph=False)
    check_equal(compiled(gs), make(0.7)(gs), rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@every_clip
def test_keeps_shape_and_precision(make, formula, dtype):
    gs = as_tensors(some_gradients(1.0), dtype)
    for ours, g in zip(make(0.7)(gs), gs, strict=True):
        assert (ours.shape, ours.dtype) == (g.shape, g.dtype)


@pytest.mark.parametrize("make", [clip_by_norm, clip_by_global_norm])
@pytest.mark.parametrize("size", [1e20, 1e30])
def test_huge_gradients_keep_their_direction(make, size):
    """Their squares are infinite in single precision, and TensorFlow gives 0 or NaN."""
    g = tf.constant([size, -size], tf.float32)
    np.testing.assert_allclose(make(1.0)([g])[0], [0.5**0.5, -(0.5**0.5)], rtol=1e-6)
    for theirs in (tf.clip_by_norm(g, 1.0), tf.clip_by_global_norm([g], 1.0)[0][0]):
        assert not np.any(np.abs(theirs) > 0.1)


@every_clip
def test_zeros_stay(make, formula):
    check_equal(make(0.7)(as_tensors([[0.0, 0.0], [0.0]])), [[0.0, 0.0], [0.0]])


def test_one_nan_spoils_what_shares_its_norm():
    gs = as_tensors([[np.nan, 1.0], [5.0]])
    check_equal(clip_by_value(0.7)(gs), [[np.nan, 0.7], [0.7]])
    check_equal(clip_by_norm(0.7)(gs), [[np.nan, np.nan], [0.7]])
    check_equal(clip_by_global_norm(0.7)(gs), [[np.nan, np.nan], [np.nan]])


def test_an_infinite_entry_is_a_number_by_value_only():
    gs = as_tensors([[np.inf, 1.0]])
    check_equal(clip_by_value(0.7)(gs), [[0.7, 0.7]])
    for clip in (clip_by_norm(0.7), clip_by_global_norm(0.7)):
        assert np.isnan(clip(gs)[0][0])


def test_what_turns_the_step():
    """E42: the document's text speaks of the norm; its code, by value, turns. Angles by hand."""
    gs = as_tensors([[3.0, 1.0], [0.0]])
    assert turned_angle(gs, clip_by_global_norm(0.1)(gs)) < 1e-5
    assert turned_angle(gs, clip_by_norm(0.1)(gs)) < 1e-5
    turned = np.degrees(np.arctan2(1, 1) - np.arctan2(1, 3))
    assert float(turned_angle(gs, clip_by_value(1.0)(gs))) == pytest.approx(turned)
    gs = as_tensors([[3.0], [1.0]])  # each keeps its direction, and together they turn
    assert float(turned_angle(gs, clip_by_norm(1.0)(gs))) == pytest.approx(turned)


@pytest.mark.parametrize("threshold", [0, -1.0, float("nan"), float("inf"), "1", None, True])
@every_clip
def test_bad_thresholds(make, formula, threshold):
    with pytest.raises(InputError, match="^[a-z_]+ is a finite number above 0, and got"):
        make(threshold)


def test_is_what_keras_clips_with():
    """One step of plain gradient descent at the rate 1."""
    gs = as_tensors(some_gradients(1.0), "float32")
    words = {"clipvalue": clip_by_value, "clipnorm": clip_by_norm}
    for word, make in (words | {"global_clipnorm": clip_by_global_norm}).items():
        weights = [keras.Variable(tf.zeros_like(g)) for g in gs]
        keras.optimizers.SGD(1.0, **{word: 0.7}).apply(gs, weights)
        check_equal([-w.numpy() for w in weights], make(0.7)(gs), rtol=1e-5)


@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_global_norm])
def test_up_to_the_largest_numbers_and_then_no_number(clip):
    (just,) = clip(1e-3)([tf.constant([3e37, 4e37])])
    np.testing.assert_allclose(just, [6e-4, 8e-4], rtol=1e-5)
    (too_large,) = clip(1e-3)([tf.constant([3e38] * 4)])  # a norm of 6e38
    assert np.isnan(too_large).all()


@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_global_norm])
@pytest.mark.parametrize("dtypes", [("float16",), ("bfloat16",), ("float32", "float64", "float16")])
@pytest.mark.parametrize("jit_compile", [False, True])
def test_every_precision_and_all_together(clip, dtypes, jit_compile):
    gradients = [tf.cast([3.0, 4.0], dtype) for dtype in dtypes]
    clipped = tf.function(clip(0.5), jit_compile=jit_compile, autograph=False)(gradients)
    length = 5 if clip is clip_by_norm else 5 * len(dtypes) ** 0.5
    for before, after in zip(gradients, clipped, strict=True):
        assert before.dtype == after.dtype
        np.testing.assert_allclose(
            tf.cast(after, "float32"), np.array([3, 4]) * 0.5 / length, rtol=1e-2
        )


def test_many_small_entries_in_half_precision():
    """A million of 1e-4 have the norm .1; the square of one is 0 in float16."""
    (clipped,) = clip_by_global_norm(0.01)([tf.fill((1000, 1000), tf.constant(1e-4, "float16"))])
    np.testing.assert_allclose(tf.cast(clipped[0, 0], "float32"), 1e-5, rtol=0.02)


@pytest.mark.parametrize(
    ("word", "clip"),
    [
        ("clip_value", clip_by_value),
        ("clip_norm", clip_by_norm),
        ("clip_global_norm", clip_by_global_norm),
    ],
)
def test_by_the_name_of_the_limit(word, clip):
    gradients = [np.array([3.0, -4.0]), np.array([12.0])]
    for got, expected in zip(clip_by(**{word: 2})(gradients), clip(2.0)(gradients), strict=True):
        np.testing.assert_array_equal(got, expected)
    with pytest.raises(InputError, match=f"{word} is a finite number above 0, and got 0"):
        clip_by(**{word: 0})


def test_no_limit_and_two():
    assert clip_by() is None
    with pytest.raises(InputError, match="clip_norm and clip_global_norm are two ways to clip"):
        clip_by(clip_norm=1.0, clip_global_norm=1.0)
