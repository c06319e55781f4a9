"""What the table does not say of the penalties."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import losses, models, optimizers, regularizers
from dnn_tf.types import InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")


def test_has_the_half_that_keras_has_not():
    w = np.array([[3.0, -4.0]])
    assert float(regularizers.L2(0.2)(w)) == pytest.approx(float(keras.regularizers.L2(0.1)(w)))


@pytest.mark.parametrize("kind", [regularizers.L1, regularizers.L2])
@pytest.mark.parametrize("strength", [-0.1, float("nan"), "0.1"])
def test_strength(kind, strength):
    with pytest.raises(InputError, match="strength is a finite number, 0 or more"):
        kind(strength)


def test_a_name_is_ours_before_it_is_keras():
    w = np.array([[3.0, -4.0]])
    for name in ("L2", "l2"):
        assert float(regularizers.get(name)(w)) == pytest.approx(0.125)
    assert type(regularizers.get("orthogonal_regularizer")).__module__.startswith("keras")
    layer = dnn_tf.layers.NeuronLayer(3, kernel_regularizer="L2")
    assert type(layer.kernel_regularizer) is regularizers.L2


@pytest.mark.parametrize("name", ["l3", 1e-4])
def test_unknown(name):
    with pytest.raises(InputError, match=f"unknown penalty {name!r}: take one such as"):
        models.dnn(kernel_regularizer=name)


def step_from(model):
    x, y = np.random.default_rng(0).normal(size=(8, 4)).astype("float32"), np.arange(8) % 2
    loss, rate = losses.sparse_softmax_cross_entropy, optimizers.GradientDescent(0.1)
    dnn_tf.fit(model, (x, y), loss=loss, optimizer=rate, epochs=1, batch_size=8, seed=0)
    return model.get_weights()


def test_under_gradient_descent_it_is_weight_decay():
    """L13: w <- w - eta (dL/dw + lambda w)."""
    plain, penalised = (
        models.dnn(4, (3,), 2),
        models.dnn(4, (3,), 2, kernel_regularizer=regularizers.L2(0.3)),
    )
    start = plain.get_weights()
    penalised.set_weights(start)
    for before, without, having in zip(start, step_from(plain), step_from(penalised), strict=True):
        shrunk = without - 0.1 * 0.3 * before * (before.ndim == 2)  # biases are not penalised
        np.testing.assert_allclose(having, shrunk, rtol=1e-5, atol=1e-6)


def test_l1_makes_weights_small(fit_blobs):
    """R8: far more of them than without."""
    small = []
    for penalty in (None, regularizers.L1(0.02)):
        keras.utils.set_random_seed(0)
        model = models.dnn(6, (20,), 3, kernel_regularizer=penalty)
        fit_blobs(model, epochs=60)
        kernels = np.concatenate([w.ravel() for w in model.get_weights() if w.ndim == 2])
        small.append(np.mean(np.abs(kernels) < 0.01))
    assert small[1] > 3 * small[0] + 0.2


@pytest.mark.parametrize(
    ("l1", "l2", "expected"), [(0.0, 0.0, None), (0.1, 0.0, 0.7), (0.0, 0.2, 2.5), (0.1, 0.2, 3.2)]
)
def test_one_of_both_and_both(l1, l2, expected):
    """Of the weights 3 and -4: l1 * 7 + l2 / 2 * 25."""
    made = regularizers.penalty(l1, l2)
    if expected is None:
        assert made is None
    else:
        assert float(made(keras.ops.array([3.0, -4.0]))) == pytest.approx(expected)
