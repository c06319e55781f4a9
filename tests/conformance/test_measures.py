"""Every loss and metric gives its peer's numbers, a value an example."""

import numpy as np
import pytest
import tensorflow as tf

from conformance.cases import LOSSES, METRICS

BOTH = LOSSES | METRICS
N = 50


@pytest.fixture(params=BOTH, ids=BOTH)
def case(request):
    return BOTH[request.param]


@pytest.fixture(params=LOSSES, ids=LOSSES)
def loss(request):
    return LOSSES[request.param]


def batch(case, dtype="float32", scale=3.0):
    rng = np.random.default_rng(5)
    z = rng.normal(size=(N, 3), scale=scale)
    if case.labels == "classes":
        return tf.constant(rng.integers(0, 3, N)), tf.constant(z, dtype)
    if case.labels == "probabilities":
        y = rng.dirichlet(np.ones(3), N)
    elif case.labels == "yes or no":
        y = rng.integers(0, 2, (N, 3))
    elif case.labels == "pairs":
        y, z = rng.integers(0, 2, (N, 1)), np.abs(z[:, :1]) / 3
    else:
        y = rng.normal(size=(N, 3), scale=scale)
    return tf.constant(y, dtype), tf.constant(z, dtype)


def test_by_hand(case):
    y, z, value = case.by_hand
    found = case.function(np.array([y]), tf.constant([z], tf.float64))
    np.testing.assert_allclose(found, [value], rtol=1e-6)


def test_formula_in_float64(case):
    y, z = batch(case, "float64")
    expected = case.formula(y.numpy().astype("float64"), z.numpy())
    np.testing.assert_allclose(case.function(y, z), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("jit_compile", [None, False, True], ids=["eager", "graph", "xla"])
def test_peer(case, dtype, jit_compile):
    function = case.function
    if jit_compile is not None:
        function = tf.function(function, jit_compile=jit_compile, autograph=False)
    y, z = batch(case, dtype)
    if case.labels == "classes" and dtype == "float64" and case is METRICS["in_top_k"]:
        z = tf.cast(z, "float32")  # the peer takes nothing else
    theirs = tf.cast(case.peer(y, z), tf.float64)
    np.testing.assert_allclose(function(y, z), theirs, rtol=1e-5, atol=1e-5)


def test_one_value_an_example_and_none_for_none(case):
    y, z = batch(case)
    assert case.function(y, z).shape == (N,)
    assert case.function(y[:0], z[:0]).shape == (0,)
    function = tf.function(case.function, autograph=False)
    unknown = function.get_concrete_function(
        *(tf.TensorSpec((None, *value.shape[1:]), value.dtype) for value in (y, z))
    )
    np.testing.assert_allclose(unknown(y, z), case.function(y, z), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("label_type", ["int32", "int64", "uint8", "float32", "float64"])
def test_any_type_of_label(case, label_type):
    y, z = batch(case)
    y = tf.cast(tf.abs(y), "uint8") if case.labels != "probabilities" else y
    if case.labels == "probabilities" and label_type.startswith(("int", "uint")):
        return
    np.testing.assert_allclose(case.function(tf.cast(y, label_type), z), case.function(y, z))


@pytest.mark.parametrize("size", [1e4, -1e4])
def test_finite_for_large_logits_gradient_too(case, size):
    if "cross_entropy" not in getattr(case.function, "__name__", ""):
        return
    y, z = batch(case, scale=1.0)
    z = z + size * tf.cast(tf.random.uniform(z.shape) > 0.5, z.dtype)
    with tf.GradientTape() as tape:
        tape.watch(z)
        values = case.function(y, z)
    assert np.isfinite(values).all()
    assert np.isfinite(tape.gradient(values, z)).all()
    np.testing.assert_allclose(values, case.peer(y, z), rtol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("jit_compile", [None, True], ids=["eager", "xla"])
def test_gradient_of_a_loss_is_its_peers(loss, dtype, jit_compile):
    y, z = batch(loss, dtype)

    def gradient(function):
        with tf.GradientTape() as tape:
            tape.watch(z)
            total = tf.reduce_sum(function(y, z))
        return tape.gradient(total, z)

    ours = gradient
    if jit_compile:
        ours = tf.function(gradient, jit_compile=True, autograph=False)
    np.testing.assert_allclose(ours(loss.function), gradient(loss.peer), rtol=1e-5, atol=1e-6)


def test_mixed_precision(case):
    """Outputs in bfloat16 give a number near that of float32."""
    y, z = batch(case)
    half = tf.cast(z, "bfloat16")
    found = tf.cast(case.function(y, half), "float32")
    expected = case.function(y, tf.cast(half, "float32"))
    np.testing.assert_allclose(found, expected, rtol=0.05, atol=0.1)
