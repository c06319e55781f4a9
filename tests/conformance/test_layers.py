"""Every layer, one way or another, gives the numbers of its formula."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from conformance.cases import LAYERS
from dnn_tf import layers

BATCH = 7


@pytest.fixture(params=LAYERS, ids=LAYERS)
def case(request):
    return LAYERS[request.param]


@pytest.fixture
def x(case):
    return np.random.default_rng(1).normal(size=(BATCH, *case.input_shape)).astype("float32")


@pytest.fixture
def in_policy():
    """Makes a layer under a dtype policy, what is inside of it too."""
    before = keras.config.dtype_policy()

    def make(case, policy):
        keras.config.set_dtype_policy(policy)
        layer = case.make()
        keras.config.set_dtype_policy(before)
        return layer

    yield make
    keras.config.set_dtype_policy(before)


def numbers_of(layer):
    """The weights without the states of random generators."""
    return [w.numpy() for w in layer.weights if "seed" not in w.name]


def with_weights(layer, x):
    """Built, with weights that no symmetry hides; a variance stays above 0."""
    layer(x)
    rng = np.random.default_rng(2)
    for weight in layer.weights:
        if "seed" not in weight.name:
            weight.assign(rng.uniform(0.2, 1.2, size=weight.shape))
    return layer


def call(case, layer, x):
    return layer(x, training=True) if case.training else layer(x)


def peer(case, layer, x):
    words = {"training": True} if case.training else {}
    return case.peer(x, *numbers_of(layer), **words)


def by_formula(case, layer, x):
    weights = [weight.astype("float64") for weight in numbers_of(layer)]
    return case.formula(x.astype("float64"), *weights)


def test_by_hand(case, in_policy):
    weights, x, y = case.by_hand
    layer = in_policy(case, "float64")
    x = np.asarray(x, "float64")
    if weights:
        layer = resized(layer, units=np.shape(y)[-1])
        layer.build(x.shape)
        layer.set_weights([np.asarray(w, "float64") for w in weights])
    np.testing.assert_allclose(call(case, layer, x), y, rtol=1e-9, atol=1e-9)


def resized(layer, units):
    """The layer with as many units as the example by hand has."""
    config = layer.get_config()
    if isinstance(layer, keras.layers.RNN):
        config["cell"]["config"]["units"] = units
    for word in ("units", "filters"):
        if word in config:
            config[word] = units
    return type(layer).from_config(config)


def test_formula_in_float64(case, x):
    layer = with_weights(case.make(), x)
    expected = by_formula(case, layer, x)
    np.testing.assert_allclose(call(case, layer, x), expected, rtol=1e-5, atol=1e-5)


def test_float64_layer(case, x, in_policy):
    layer = with_weights(in_policy(case, "float64"), x)
    expected = by_formula(case, layer, x)
    np.testing.assert_allclose(
        call(case, layer, x.astype("float64")), expected, rtol=1e-11, atol=1e-11
    )


def test_peer(case, x):
    layer = with_weights(case.make(), x)
    theirs = peer(case, layer, x)
    np.testing.assert_allclose(call(case, layer, x), theirs, rtol=1e-5, atol=1e-5)


def test_gradient_is_that_of_the_peer(case, x):
    layer = with_weights(case.make(), x)
    weights = numbers_of(layer)
    x = tf.constant(x)
    words = {"training": True} if case.training else {}
    direction = None
    gradients = []
    for function in (lambda x: call(case, layer, x), lambda x: case.peer(x, *weights, **words)):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
            if direction is None:
                direction = np.random.default_rng(3).normal(size=y.shape).astype("float32")
            total = tf.reduce_sum(direction * y)
        gradients.append(tape.gradient(total, x))
    np.testing.assert_allclose(*gradients, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_eager_is_graph_is_xla(case, x, jit_compile):
    layer = with_weights(case.make(), x)
    x = tf.constant(x)

    def value_and_gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = call(case, layer, x)
            total = tf.reduce_sum(y**2)
        return y, *tape.gradient(total, [x, *layer.trainable_weights])

    compiled = tf.function(value_and_gradient, jit_compile=jit_compile, autograph=False)
    for one, other in zip(compiled(x), value_and_gradient(x), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=2e-5)


def test_unknown_batch_and_no_rows(case, x):
    layer = case.make()
    layer(x)
    function = tf.function(
        lambda x: call(case, layer, x),
        input_signature=[tf.TensorSpec((None, *case.input_shape))],
        autograph=False,
    )
    np.testing.assert_allclose(function(tf.constant(x)), call(case, layer, x), rtol=1e-4, atol=2e-5)
    for any_road in (function, tf.function(function, jit_compile=True), layer):
        assert any_road(tf.constant(x[:0])).shape[0] == 0
    assert all(np.isfinite(weight).all() for weight in layer.get_weights())


def test_shape_told_is_shape_given(case, x):
    layer = case.make()
    told = layer.compute_output_shape((None, *case.input_shape))
    assert told[1:] == tuple(layer(x).shape)[1:]


def test_gradients_are_those_of_finite_differences(case, x, in_policy):
    layer = with_weights(in_policy(case, "float64"), x)
    inputs = [x[:2].astype("float64"), *(weight.numpy() for weight in layer.trainable_weights)]

    def loss(x, *weights):
        x = tf.constant(x)
        for weight, value in zip(layer.trainable_weights, weights, strict=True):
            weight.assign(value)
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(call(case, layer, x) ** 2)
        return total, tape.gradient(total, [x, *layer.trainable_weights])

    theory = loss(*inputs)[1]
    rng = np.random.default_rng(4)
    for _ in range(5):  # along five random directions at once
        way = [rng.normal(size=value.shape) for value in inputs]
        ahead, behind = (
            loss(*(value + h * d for value, d in zip(inputs, way, strict=True)))[0]
            for h in (1e-6, -1e-6)
        )
        expected = sum(float(np.sum(g * d)) for g, d in zip(theory, way, strict=True))
        np.testing.assert_allclose((ahead - behind) / 2e-6, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision(case, x, in_policy, policy):
    layer = in_policy(case, policy)
    y = call(case, layer, x)
    assert y.dtype == policy.removeprefix("mixed_")
    assert {weight.dtype for weight in layer.weights} - {"uint32", "int64"} <= {"float32"}
    expected = by_formula(case, layer, x)
    np.testing.assert_allclose(tf.cast(y, tf.float32), expected, rtol=0.05, atol=0.05)


def test_config_round_trip(case, x):
    layer = with_weights(case.make(), x)
    again = type(layer).from_config(layer.get_config())
    again(x)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(again(x), layer(x))
    assert again.get_config() == layer.get_config()


def test_every_argument_is_in_the_config(case):
    layer = case.make()
    layer = layer.cell if isinstance(layer, keras.layers.RNN) else layer
    classes = type(layer).__mro__[: type(layer).__mro__.index(keras.Layer)]
    words = {
        name
        for kind in classes
        for name, word in inspect.signature(kind.__init__).parameters.items()
        if word.kind is not word.VAR_KEYWORD
    }
    assert words - {"self", "args"} <= set(layer.get_config())


def test_hands_masks_on_or_says_that_it_does_not(case):
    """What works feature by feature keeps the mask of a sequence; Keras warns of the others."""
    layer = case.make()
    changes_the_rows = isinstance(
        layer, layers.Convolution | layers.LocallyConnected | layers.pooling.Pooling
    )
    assert layer.supports_masking != changes_the_rows


def test_keras_file_round_trip(case, x, tmp_path):
    inputs = keras.Input(case.input_shape)
    model = keras.Model(inputs, with_weights(case.make(), x)(inputs))
    model.save(tmp_path / "m.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "m.keras")(x), model(x))


def test_savedmodel_round_trip(case, x, tmp_path):
    inputs = keras.Input(case.input_shape)
    model = keras.Model(inputs, with_weights(case.make(), x)(inputs))
    model.export(tmp_path / "m", verbose=False)
    loaded = tf.saved_model.load(str(tmp_path / "m"))
    np.testing.assert_array_equal(loaded.serve(x), model(x))
