"""Every layer, one way or another, gives the numbers of its formula."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from conformance.cases import LAYERS

BATCH = 7


@pytest.fixture(params=LAYERS, ids=LAYERS)
def case(request):
    return LAYERS[request.param]


@pytest.fixture
def x(case):
    return np.random.default_rng(1).normal(size=(BATCH, *case.input_shape)).astype("float32")


def by_formula(case, layer, x):
    weights = [weight.numpy().astype("float64") for weight in layer.weights]
    return case.formula(x.astype("float64"), *weights)


def test_formula_in_float64(case, x):
    layer = case.make()
    np.testing.assert_allclose(layer(x), by_formula(case, layer, x), rtol=1e-5, atol=1e-5)


def test_float64_layer(case, x):
    with_policy = case.make()
    layer = type(with_policy).from_config(with_policy.get_config() | {"dtype": "float64"})
    np.testing.assert_allclose(layer(x), by_formula(case, layer, x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_eager_is_graph_is_xla(case, x, jit_compile):
    layer = case.make()
    eager = layer(x)
    np.testing.assert_allclose(
        tf.function(layer, jit_compile=jit_compile)(tf.constant(x)), eager, rtol=1e-6, atol=1e-6
    )


def test_unknown_batch_and_no_rows(case, x):
    layer = case.make()
    layer(x)
    call = tf.function(layer, input_signature=[tf.TensorSpec((None, *case.input_shape))])
    assert call(tf.constant(x)).shape[0] == BATCH
    assert call(tf.constant(x[:0])).shape[0] == 0


def test_shape_told_is_shape_given(case, x):
    layer = case.make()
    told = layer.compute_output_shape((None, *case.input_shape))
    assert told[1:] == tuple(layer(x).shape)[1:]


def test_gradients_are_those_of_finite_differences(case, x):
    base = case.make()
    layer = type(base).from_config(base.get_config() | {"dtype": "float64"})
    x = tf.constant(x, tf.float64)
    layer(x)
    theory, numeric = tf.test.compute_gradient(lambda x: tf.reduce_sum(layer(x) ** 2), [x])
    np.testing.assert_allclose(theory[0], numeric[0], rtol=1e-5, atol=1e-5)


def test_mixed_precision(case, x):
    base = case.make()
    layer = type(base).from_config(base.get_config() | {"dtype": "mixed_bfloat16"})
    assert layer(x).dtype == tf.bfloat16
    assert {weight.dtype for weight in layer.weights} == {"float32"}


def test_config_round_trip(case, x):
    layer = case.make()
    layer(x)
    again = type(layer).from_config(layer.get_config())
    again(x)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(again(x), layer(x))
    assert again.get_config() == layer.get_config()


def test_keras_file_round_trip(case, x, tmp_path):
    inputs = keras.Input(case.input_shape)
    model = keras.Model(inputs, case.make()(inputs))
    model.save(tmp_path / "m.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "m.keras")(x), model(x))


def test_savedmodel_round_trip(case, x, tmp_path):
    inputs = keras.Input(case.input_shape)
    model = keras.Model(inputs, case.make()(inputs))
    model.export(tmp_path / "m", verbose=False)
    loaded = tf.saved_model.load(str(tmp_path / "m"))
    np.testing.assert_array_equal(loaded.serve(x), model(x))
