"""Every regulariser and constraint, three ways, compiled and in a file."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from conformance.cases import CONSTRAINTS, REGULARIZERS

BOTH = REGULARIZERS | CONSTRAINTS


@pytest.fixture(params=BOTH, ids=BOTH)
def case(request):
    return BOTH[request.param]


@pytest.fixture
def kernel():
    return np.random.default_rng(6).normal(size=(4, 3)) * [0.1, 1.0, 3.0]


def test_by_hand(case):
    weights, result = case.by_hand
    np.testing.assert_allclose(case.make()(np.array(weights)), result, rtol=1e-12)


def test_formula_in_float64(case, kernel):
    np.testing.assert_allclose(case.make()(kernel), case.formula(kernel), rtol=1e-12)


@pytest.mark.parametrize("jit_compile", [None, False, True], ids=["eager", "graph", "xla"])
def test_peer(case, kernel, jit_compile):
    function = case.make()
    if jit_compile is not None:
        function = tf.function(function, jit_compile=jit_compile, autograph=False)
    kernel = tf.constant(kernel, tf.float32)
    np.testing.assert_allclose(function(kernel), case.peer(kernel), rtol=1e-5)


def test_gradient_of_the_peer(case, kernel):
    w = tf.constant(kernel)
    gradients = []
    for function in (case.make(), case.peer):
        with tf.GradientTape() as tape:
            tape.watch(w)
            total = tf.reduce_sum(function(w))
        gradients.append(tape.gradient(total, w))
    np.testing.assert_allclose(*gradients, rtol=1e-6, atol=1e-9)


def test_config_round_trip_within_a_layer(case, kernel):
    rule = case.make()
    word = "kernel_constraint" if isinstance(rule, keras.constraints.Constraint) else None
    layer = keras.layers.Dense(3, **{word or "kernel_regularizer": rule})
    again = getattr(type(layer).from_config(layer.get_config()), word or "kernel_regularizer")
    assert type(again) is type(rule)
    np.testing.assert_array_equal(again(kernel), rule(kernel))
