"""What clipping did."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.gradients import clip_by_value, clipped_share, turned_angle

HUGE = [tf.constant([3e30, 1e30])]


def tensors(*arrays):
    return [tf.constant(array, tf.float32) for array in arrays]


@pytest.mark.parametrize(("threshold", "share"), [(10.0, 0.0), (2.5, 0.2), (0.5, 0.6), (0.01, 1.0)])
def test_share_by_hand(threshold, share):
    gradients = tensors([[3.0, -2.0], [0.1, 0.4]], [-1.0])
    clipped = clip_by_value(threshold)(gradients)
    assert float(clipped_share(gradients, clipped)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("before", "after", "angle"),
    [
        ([1.0, 0.0], [2.0, 0.0], 0.0),
        ([1.0, 0.0], [1.0, 1.0], 45.0),
        ([1.0, 0.0], [0.0, 3.0], 90.0),
        ([1.0, 0.0], [-1.0, 3**0.5], 120.0),
        ([1.0, 0.0], [-5.0, 0.0], 180.0),
    ],
)
def test_angle_by_hand(before, after, angle):
    assert float(turned_angle(tensors(before), tensors(after))) == pytest.approx(angle, abs=1e-4)
    split = [tensors(*([entry] for entry in pair)) for pair in (before, after)]
    assert float(turned_angle(*split)) == pytest.approx(angle, abs=1e-4)  # over all weights


@pytest.mark.parametrize("degrees", [1e-3, 1e-2, 0.1])
def test_sees_small_angles_that_the_arc_cosine_does_not(degrees):
    angle = np.radians(degrees)
    u, v = tensors([1.0, 0.0]), tensors([np.cos(angle), np.sin(angle)])
    assert float(turned_angle(u, v)) == pytest.approx(degrees, rel=1e-3)


def test_many_weights_in_double_precision():
    rng = np.random.default_rng(0)
    u, v = rng.normal(size=(2, 1000))
    expected = np.degrees(np.arccos(u @ v / np.linalg.norm(u) / np.linalg.norm(v)))
    assert float(turned_angle(tensors(u), tensors(v))) == pytest.approx(expected, rel=1e-5)


def test_huge_and_zero_gradients():
    assert float(turned_angle(HUGE, clip_by_value(1.0)(HUGE))) == pytest.approx(26.565, abs=1e-3)
    assert float(turned_angle(tensors([0.0]), tensors([0.0]))) == 0.0
    assert float(clipped_share(tensors([0.0]), tensors([0.0]))) == 0.0


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
@pytest.mark.parametrize("effect", [clipped_share, turned_angle])
def test_gradients_that_are_no_numbers_count_nothing(effect, jit_compile, bad):
    """As in a step that is left out under a loss scale: the mean of an epoch stays a number."""
    gradients = tensors([3.0, bad], [1.0])
    compiled = tf.function(effect, jit_compile=jit_compile, autograph=False)
    assert float(compiled(gradients, clip_by_value(0.5)(gradients))) == 0


@pytest.mark.parametrize("effect", [clipped_share, turned_angle])
def test_xla(effect):
    clipped = clip_by_value(1.0)(HUGE)
    compiled = tf.function(effect, jit_compile=True, autograph=False)
    assert float(compiled(HUGE, clipped)) == pytest.approx(float(effect(HUGE, clipped)))


@pytest.mark.parametrize("effect", [clipped_share, turned_angle])
def test_another_number_of_gradients_is_refused(effect):
    with pytest.raises(ValueError, match="zip"):
        effect(tensors([1.0], [2.0]), tensors([1.0]))
