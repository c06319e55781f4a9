"""What the table does not say of the losses that grow as the error does."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf import losses, models
from dnn_tf.types import InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")

LABELS = np.random.default_rng(0).gamma(2.0, size=999)


def best_constant(loss):
    """The number that gives the least total loss for all labels."""
    candidates = np.sort(LABELS)
    totals = [np.sum(loss(LABELS, np.full_like(LABELS, z))) for z in candidates]
    return candidates[np.argmin(totals)]


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9])
def test_quantile_is_least_at_the_quantile(q):
    """L8: NumPy's quantile is the peer."""
    found = best_constant(functools.partial(losses.quantile, q=q))
    assert found == pytest.approx(np.quantile(LABELS, q), rel=0.01)


def test_an_outlier_moves_the_mean_and_not_the_median():
    """L11: the absolute error's best constant is a median, the squared error's a mean."""
    assert best_constant(losses.absolute_error) == np.median(LABELS)
    assert best_constant(losses.squared_error) == pytest.approx(np.mean(LABELS), abs=0.01)


def test_its_gradient_does_not_shrink_with_the_error():
    z = tf.constant([[1e-3], [10.0]])
    with tf.GradientTape() as tape:
        tape.watch(z)
        total = tf.reduce_sum(losses.absolute_error(np.zeros((2, 1)), z))
    assert tape.gradient(total, z).numpy().ravel().tolist() == [1, 1]


def test_smooth_l1_meets_its_two_halves():
    """Value and slope, at 1."""
    d = tf.constant([[1 - 1e-6], [1 + 1e-6]], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(d)
        values = losses.smooth_l1(np.zeros((2, 1)), d)
    np.testing.assert_allclose(values, 0.5, atol=2e-6)
    np.testing.assert_allclose(tape.gradient(values, d), 1, atol=2e-6)


@pytest.mark.parametrize("q", [-0.1, 0, 1.0, float("nan")])
def test_q(q):
    with pytest.raises(InputError, match="quantile takes a q above 0 and below 1, and got"):
        losses.quantile([0.0], [0.0], q=q)


@pytest.mark.parametrize("delta", [0, -1.0, float("nan"), "a", True])
def test_delta(delta):
    with pytest.raises(InputError, match="delta is a finite number above 0"):
        losses.huber([0.0], [0.0], delta=delta)


def test_another_quantile_in_fit_and_in_model_fit():
    """With only a bias to learn, that is where it goes."""
    x = np.zeros((len(LABELS), 1), "float32")
    loss = losses.Configured(losses.quantile, q=0.9)
    ours, theirs = models.dnn(1, (), 1), models.dnn(1, (), 1)
    sgd = functools.partial(keras.optimizers.SGD, 5.0)
    dnn_tf.fit(ours, (x, LABELS), loss=loss, optimizer=sgd(), epochs=40, batch_size=999)
    theirs.compile(sgd(), loss)
    theirs.fit(x, LABELS, epochs=40, batch_size=999, verbose=0)
    for model in (ours, theirs):
        assert model.get_weights()[1][0] == pytest.approx(np.quantile(LABELS, 0.9), abs=0.1)
