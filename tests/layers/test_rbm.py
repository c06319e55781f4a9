"""What the table does not say of the RBM."""

import itertools

import keras
import numpy as np
import pytest

from dnn_tf import layers
from dnn_tf.layers import rbm as formulas
from dnn_tf.types import InputError

BITS = {n: np.array(list(itertools.product([0.0, 1], repeat=n))) for n in (3, 4)}


@pytest.fixture
def rbm(request):
    """Four visible and three hidden units, in float64."""
    visible = getattr(request, "param", "binary")
    layer = layers.RBM(3, visible, dtype="float64")
    layer.build((None, 4))
    rng = np.random.default_rng(1)
    layer.set_weights([rng.normal(size=w.shape) for w in layer.weights])
    return layer


def minus_energy(rbm, v, h):
    W, b, a = rbm.get_weights()
    if rbm.visible == "binary":
        return v @ a + h @ b + v @ W @ h
    return -((v - a) ** 2).sum() / 2 + h @ b + v @ W @ h


both = pytest.mark.parametrize("rbm", ["binary", "gaussian"], indirect=True)


def test_free_energy_by_hand():
    """W = (1, 2), b = 0, a = (3, 4); v = (1, 1): -7 - ln(1 + e^3)."""
    layer = layers.RBM(1)
    layer.build((None, 2))
    layer.set_weights([np.array(w) for w in ([[1.0], [2.0]], [0.0], [3.0, 4.0])])
    np.testing.assert_allclose(
        layer.free_energy(np.ones((1, 2), "float32")), [-7 - np.log(1 + np.exp(3))], rtol=1e-6
    )


def test_gaussian_free_energy_by_hand():
    """(1 - 3)^2 / 2 + (1 - 4)^2 / 2 = 6.5."""
    layer = layers.RBM(1, "gaussian")
    layer.build((None, 2))
    layer.set_weights([np.array(w) for w in ([[1.0], [2.0]], [0.0], [3.0, 4.0])])
    np.testing.assert_allclose(
        layer.free_energy(np.ones((1, 2), "float32")), [6.5 - np.log(1 + np.exp(3))], rtol=1e-6
    )


@both
def test_free_energy_is_the_sum_over_all_hidden_states(rbm):
    v = BITS[4] if rbm.visible == "binary" else np.random.default_rng(2).normal(size=(16, 4))
    summed = [np.log(sum(np.exp(minus_energy(rbm, row, h)) for h in BITS[3])) for row in v]
    np.testing.assert_allclose(-rbm.free_energy(v).numpy(), summed, rtol=1e-12)


@both
def test_hidden_units_given_visible_ones_by_enumeration(rbm):
    v = np.random.default_rng(3).normal(size=4) if rbm.visible == "gaussian" else BITS[4][6]
    p = np.exp([minus_energy(rbm, v, h) for h in BITS[3]])
    expected = (p[:, None] * BITS[3]).sum(0) / p.sum()
    np.testing.assert_allclose(rbm(v[None])[0], expected, rtol=1e-12)


def test_visible_units_given_hidden_ones_by_enumeration(rbm):
    h = BITS[3][5]
    p = np.exp([minus_energy(rbm, v, h) for v in BITS[4]])
    expected = (p[:, None] * BITS[4]).sum(0) / p.sum()
    np.testing.assert_allclose(rbm.visible_given(h[None])[0], expected, rtol=1e-12)


@pytest.mark.parametrize("rbm", ["gaussian"], indirect=True)
def test_gaussian_visible_units_lie_around_their_most_likely_place(rbm):
    h = BITS[3][5]
    mean = rbm.visible_given(h[None])[0].numpy()
    for away in np.eye(4):  # the energy rises by 1/2 at a deviation of 1 on either side
        for sign in (-1, 1):
            rise = minus_energy(rbm, mean, h) - minus_energy(rbm, mean + sign * away, h)
            assert rise == pytest.approx(0.5)


@both
def test_reconstruction_goes_there_and_back(rbm):
    v = np.random.default_rng(4).uniform(size=(5, 4))
    W, b, a = rbm.get_weights()
    z = a + 1 / (1 + np.exp(-(v @ W + b))) @ W.T
    expected = z if rbm.visible == "gaussian" else 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(rbm.reconstruct(v), expected, rtol=1e-12)


def test_free_energy_of_large_weights_is_finite():
    v, W = np.ones((1, 1), "float32"), np.array([[1e4, -1e4]], "float32")
    zero = np.zeros(2, "float32")
    assert float(formulas.binary_free_energy(v, W, zero, zero[:1])[0]) == -1e4


METHODS = {"hidden_given": 4, "visible_given": 3, "free_energy": 4, "reconstruct": 4}
"""What an RBM can do besides being a layer, and how many numbers a row has."""


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["float64", "int64", "list"])
def test_methods_take_any_numbers(method, kind):
    layer = layers.RBM(3)
    layer.build((None, 4))
    rows = np.ones((2, METHODS[method]), "float32")
    found = getattr(layer, method)(rows.tolist() if kind == "list" else rows.astype(kind))
    np.testing.assert_array_equal(found, getattr(layer, method)(rows))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.ones((2, 5)), r"take rows of \d numbers, and got the shape \(2, 5\): give \(batch, "),
        (np.ones(4), r"take rows of \d numbers, and got the shape \(4,\)"),
        ([["a"]], r"take rows of \d numbers, and got list"),
        ([[1.0], [1.0, 2.0]], r"take rows of \d numbers, and got list"),
        (None, r"take rows of \d numbers, and got NoneType"),
    ],
    ids=["width", "one row", "text", "ragged", "nothing"],
)
def test_methods_name_what_they_cannot_use(method, rows, message):
    layer = layers.RBM(3)
    layer.build((None, 4))
    with pytest.raises(InputError, match=message) as error:
        getattr(layer, method)(rows)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("method", METHODS)
def test_methods_need_weights(method):
    with pytest.raises(InputError, match="RBM 'r' has no weights yet: call rbm.build"):
        getattr(layers.RBM(3, name="r"), method)(np.ones((2, 4)))


@pytest.mark.parametrize("method", METHODS)
def test_methods_keep_the_precision_of_the_weights(method):
    layer = layers.RBM(3, dtype="mixed_bfloat16")
    layer.build((None, 4))
    assert getattr(layer, method)(np.ones((2, METHODS[method]))).dtype == "float32"


def test_hidden_units_are_what_the_layer_gives(rbm):
    v = np.random.default_rng(5).uniform(size=(5, 4))
    np.testing.assert_array_equal(rbm.hidden_given(v), rbm(v))


def test_starts_as_the_guide_says():
    layer = layers.RBM(300)
    layer.build((None, 784))
    assert float(keras.ops.std(layer.kernel)) == pytest.approx(0.01, rel=0.01)
    assert not np.any(layer.bias)
    assert not np.any(layer.visible_bias)


def test_gradient_descent_does_not_hear_of_the_visible_bias():
    layer = layers.RBM(2)
    layer.build((None, 3))
    assert [weight.name for weight in layer.trainable_weights] == ["kernel", "bias"]


@pytest.mark.parametrize("units", [0, -1, 2.5, True])
def test_odd_units(units):
    with pytest.raises(InputError, match="units is a whole number, 1 or more, and got"):
        layers.RBM(units)


def test_unknown_visible_units():
    with pytest.raises(InputError, match="visible is one of binary, gaussian, and got 'relu'"):
        layers.RBM(3, "relu")


def test_needs_features_of_known_number():
    with pytest.raises(InputError, match="RBM 'r' needs rows of a known number of features"):
        layers.RBM(3, name="r")(keras.Input((None,)))
