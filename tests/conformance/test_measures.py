"""Every loss and metric gives TensorFlow's own numbers, a value an example."""

import numpy as np
import pytest
import tensorflow as tf

from conformance.cases import LOSSES, METRICS

BOTH = LOSSES | METRICS


@pytest.fixture(params=BOTH, ids=BOTH)
def case(request):
    return BOTH[request.param]


def batch(n=50, classes=10, scale=5.0):
    rng = np.random.default_rng(5)
    logits = rng.normal(size=(n, classes), scale=scale).astype("float32")
    return tf.constant(rng.integers(0, classes, n)), tf.constant(logits)


@pytest.mark.parametrize("jit_compile", [None, False, True], ids=["eager", "graph", "xla"])
def test_peer(case, jit_compile):
    function = case.function
    if jit_compile is not None:
        function = tf.function(function, jit_compile=jit_compile)
    y, z = batch()
    np.testing.assert_allclose(
        function(y, z), tf.cast(case.peer(y, z), tf.float32), rtol=1e-5, atol=1e-5
    )


def test_one_value_an_example(case):
    y, z = batch()
    assert case.function(y, z).shape == (50,)
    assert case.function(y[:0], z[:0]).shape == (0,)


@pytest.mark.parametrize("label_type", ["int32", "int64", "uint8", "float32"])
def test_any_type_of_label(case, label_type):
    y, z = batch()
    np.testing.assert_array_equal(case.function(tf.cast(y, label_type), z), case.function(y, z))


def test_finite_for_large_logits(case):
    y, z = batch(scale=1e4)
    assert np.isfinite(case.function(y, z)).all()


@pytest.mark.parametrize("name", LOSSES)
def test_gradient_of_a_loss_is_its_peers(name):
    case = LOSSES[name]
    y, z = batch()
    gradients = []
    for function in (case.function, case.peer):
        with tf.GradientTape() as tape:
            tape.watch(z)
            total = tf.reduce_sum(function(y, z))
        gradients.append(tape.gradient(total, z))
    np.testing.assert_allclose(*gradients, rtol=1e-5, atol=1e-6)
