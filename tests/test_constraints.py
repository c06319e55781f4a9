"""What the table does not say of MaxNorm."""

import numpy as np
import pytest

import dnn_tf
from dnn_tf import constraints, models
from dnn_tf.types import InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")


def test_zero_weights_and_small_ones_stay():
    w = np.array([[0.0, 0.3], [0.0, 0.4]])
    np.testing.assert_array_equal(constraints.MaxNorm()(w), w)


def test_a_convolution_is_bounded_filter_by_filter():
    w = np.ones((3, 3, 2, 4))
    bounded = constraints.MaxNorm(2.0)(w).numpy()
    np.testing.assert_allclose(np.linalg.norm(bounded.reshape(-1, 4), axis=0), 2.0)


@pytest.mark.parametrize("max_norm", [0, -1.0, float("nan"), float("inf"), "1", None, True])
def test_above_0(max_norm):
    with pytest.raises(InputError, match="max_norm is a finite number above 0, and got"):
        constraints.MaxNorm(max_norm)


def test_a_name_is_ours_before_it_is_keras():
    assert type(constraints.get("max_norm")) is constraints.MaxNorm
    assert type(constraints.get("non_neg")).__module__.startswith("keras")
    with pytest.raises(InputError, match="unknown bound 1.0: take one such as constraints.MaxNorm"):
        models.dnn(kernel_constraint=1.0)


@pytest.mark.parametrize("axis", [None, 1], ids=["each unit", "as in the notebook"])
def test_holds_after_training(fit_blobs, axis):
    """N4: the notebook bounds what leaves an input, not what enters a unit."""
    model = models.dnn(6, (8, 5), 3, kernel_constraint=constraints.MaxNorm(0.5, axis))
    fit_blobs(model, optimizer=dnn_tf.optimizers.GradientDescent(0.5))
    for name in ("hidden1", "hidden2"):
        norms = np.linalg.norm(model.get_layer(name).kernel.numpy(), axis=axis or 0)
        assert np.max(norms) == pytest.approx(0.5, rel=1e-5)
    assert np.linalg.norm(model.get_layer("outputs").kernel.numpy(), axis=0).max() > 0.6
