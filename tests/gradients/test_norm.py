"""The norm."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.gradients.norm import norm


def test_by_hand():
    assert float(norm([tf.constant([3.0, 0.0]), tf.constant([[-4.0]])])) == 5.0
    assert float(norm([tf.zeros(3)])) == 0.0


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_peers(size):
    rng = np.random.default_rng(0)
    arrays = [size * rng.normal(size=shape) for shape in [(3, 4), (4,), ()]]
    expected = np.linalg.norm(np.concatenate([array.ravel() for array in arrays]))
    tensors = [tf.constant(array) for array in arrays]
    assert float(norm(tensors)) == pytest.approx(expected, rel=1e-12)
    assert float(tf.linalg.global_norm(tensors)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_any_size_in_single_precision(size):
    """TensorFlow's own norm is infinite, or 0."""
    tensors = [tf.constant([3 * size]), tf.constant([4 * size])]
    assert float(norm(tensors)) == pytest.approx(5 * size)
    assert float(tf.linalg.global_norm(tensors)) in (0.0, np.inf)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_is_no_finite_number_where_an_entry_is_none(bad):
    assert not np.isfinite(norm([tf.constant([1.0, bad]), tf.constant([1.0])]))


def test_xla():
    tensors = [tf.constant([3e30]), tf.constant([4e30])]
    compiled = tf.function(norm, jit_compile=True, autograph=False)
    assert float(compiled(tensors)) == pytest.approx(5e30)
