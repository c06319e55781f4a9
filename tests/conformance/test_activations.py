"""Every activation and its derivative, three ways and on every road."""

import numpy as np
import pytest
import tensorflow as tf

from conformance.cases import ACTIVATIONS

Z = np.concatenate([np.random.default_rng(0).normal(size=40) * 3, [0.0, -1e4, 1e4]])


@pytest.fixture(params=ACTIVATIONS, ids=ACTIVATIONS)
def case(request):
    return ACTIVATIONS[request.param]


def gradient(function, z):
    with tf.GradientTape() as tape:
        tape.watch(z)
        total = tf.reduce_sum(function(z) * np.linspace(1, 2, z.shape[-1]).astype(z.dtype.name))
    return tape.gradient(total, z)


def test_by_hand(case):
    z, a = case.by_hand
    np.testing.assert_allclose(case.function(np.array(z, "float64")), a, rtol=1e-6, atol=1e-12)


def test_formula_in_float64(case):
    z = Z[:40]
    np.testing.assert_allclose(case.function(z), case.formula(z), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16", "float16"])
def test_peer(case, dtype):
    z = tf.cast(Z, dtype)
    y, theirs = case.function(z), case.peer(z)
    assert y.dtype == z.dtype
    # the peers keep their slopes in float32
    tolerance = {"float64": 1e-7, "float32": 1e-6, "bfloat16": 2e-2, "float16": 2e-3}[dtype]
    np.testing.assert_allclose(
        tf.cast(y, tf.float64), tf.cast(theirs, tf.float64), rtol=tolerance, atol=tolerance
    )


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_gradient_of_the_peer_at_0_and_far_out_too(case, dtype):
    if not case.differentiable:
        return
    z = tf.cast(Z, dtype)
    np.testing.assert_allclose(
        gradient(case.function, z), gradient(case.peer, z), rtol=1e-5, atol=1e-6
    )


def test_derivative_is_the_gradient(case):
    z = tf.constant(Z)
    slope = case.derivative(z)
    if not case.differentiable:
        np.testing.assert_array_equal(slope, np.zeros_like(Z))
    elif len(slope.shape) == 1:
        np.testing.assert_allclose(
            slope * np.linspace(1, 2, len(Z)), gradient(case.function, z), rtol=1e-9, atol=1e-12
        )
    else:
        np.testing.assert_allclose(
            np.linspace(1, 2, len(Z)) @ slope.numpy(), gradient(case.function, z), atol=1e-12
        )


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_eager_is_graph_is_xla(case, jit_compile):
    z = tf.constant(Z, tf.float32)
    functions = [case.function, case.derivative]
    if case.differentiable:
        functions.append(lambda z: gradient(case.function, z))
    for function in functions:
        compiled = tf.function(function, jit_compile=jit_compile, autograph=False)
        np.testing.assert_allclose(compiled(z), function(z), rtol=1e-5, atol=1e-6)


def test_any_shape_and_no_rows(case):
    z = tf.random.normal((2, 3, 4))
    assert case.function(z).shape == (2, 3, 4)
    assert case.function(z[:0]).shape == (0, 3, 4)


def test_nan_stays_nan(case):
    if case.differentiable:
        assert np.isnan(case.function(tf.constant([np.nan, 1.0]))[0])
