import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import losses, models, optimizers, transfer
from dnn_tf.transfer.blocks import blocks_of
from dnn_tf.transfer.freezing import kernel_is_frozen
from dnn_tf.types import InputError

LOSS = losses.sparse_softmax_cross_entropy
RNG = np.random.default_rng(0)
X = RNG.normal(size=(32, 6)).astype("float32")
Y = RNG.integers(0, 3, 32)


def network(hidden=(5, 4, 4), **words):
    keras.utils.set_random_seed(1)
    return models.dnn(6, hidden, 3, activation="elu", **words)


def compiled(model, optimizer=None):
    model.compile(
        optimizer or optimizers.Momentum(0.1),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model


def keras_fit(model, epochs=2):
    if not model.compiled:
        compiled(model)
    model.fit(X, Y, epochs=epochs, batch_size=8, verbose=0, shuffle=False)


def own_fit(model, epochs=2):
    optimizer = model.optimizer if model.compiled else optimizers.Momentum(0.1)
    dnn_tf.fit(
        model, (X, Y), loss=LOSS, optimizer=optimizer, epochs=epochs, batch_size=8, seed=1,
        jit_compile=False,
    )  # fmt: skip


FITS = [pytest.param(keras_fit, id="model.fit"), pytest.param(own_fit, id="dnn_tf.fit")]


def trained(model):
    return [layer.name for layer in model.layers if layer.weights and layer.trainable]


def moved(model, fit):
    before = [weight.numpy() for weight in model.weights]
    fit(model)
    return {
        weight.path
        for weight, value in zip(model.weights, before, strict=True)
        if not np.array_equal(weight.numpy(), value)
    }


def paths(model, *layers):
    return {weight.path for name in layers for weight in model.get_layer(name).weights}


@pytest.mark.parametrize(
    ("layers", "left"),
    [
        (None, ["outputs"]),
        (1, ["hidden2", "hidden3", "outputs"]),
        (3, ["outputs"]),
        (4, []),
        ("hidden2", ["hidden1", "hidden3", "outputs"]),
        (["hidden1", "outputs"], ["hidden2", "hidden3"]),
    ],
)
def test_freeze(layers, left):
    model = network()
    transfer.freeze(model, layers)
    assert trained(model) == left


@pytest.mark.parametrize(
    ("layers", "then"),
    [
        (1, ["hidden3", "outputs"]),
        (2, ["hidden2", "hidden3", "outputs"]),
        (None, ["hidden1", "hidden2", "hidden3", "outputs"]),
        ("hidden1", ["hidden1", "outputs"]),
    ],
)
def test_thaw(layers, then):
    model = network()
    transfer.freeze(model)
    transfer.thaw(model, layers)
    assert trained(model) == then


@pytest.mark.parametrize("fit", FITS)
def test_exactly_the_thawed_layers_move_through_a_freeze_and_two_thaws(fit):
    model = network(batch_norm=True)
    every = {weight.path for weight in model.weights}
    assert moved(model, fit) == every
    transfer.freeze(model)
    assert moved(model, fit) == paths(model, "outputs")
    transfer.thaw(model, 1)
    assert moved(model, fit) == paths(model, "outputs", "hidden3")  # its batch norm stands still
    transfer.thaw(model, 1)
    assert moved(model, fit) == paths(model, "outputs", "hidden3", "hidden2")
    transfer.thaw(model, batch_norm=True)
    assert moved(model, fit) == every


@pytest.mark.parametrize("fit", FITS)
def test_a_thawed_batch_norm_moves_where_that_is_asked_for(fit):
    model = network(batch_norm=True)
    transfer.freeze(model)
    transfer.thaw(model, 1, batch_norm=True)
    assert moved(model, fit) == paths(model, "outputs", "hidden3", "hidden3_bn")


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("kind", ["ours", "keras"])
def test_a_frozen_batch_norm_gives_its_own_outputs_in_training(fit, kind):
    norm = keras.layers.BatchNormalization() if kind == "keras" else True
    model = network(batch_norm=norm)
    keras_fit(model)
    transfer.freeze(model)
    fit(model)
    inner = keras.Model(model.inputs[0], model.get_layer("hidden3_activation").output)
    np.testing.assert_array_equal(inner(X, training=True), inner(X, training=False))


def test_the_optimiser_goes_on_with_what_it_knew():
    model = compiled(network())
    keras_fit(model)
    velocity = {v.path: v.numpy() for v in model.optimizer.variables}
    transfer.freeze(model, 2)
    now = {v.path: v.numpy() for v in model.optimizer.variables}
    assert not any("hidden1" in path or "hidden2" in path for path in now)
    assert any("hidden3_kernel" in path for path in now)
    for path, value in now.items():
        np.testing.assert_array_equal(value, velocity[path])
    transfer.thaw(model, 1)
    again = {v.path: v.numpy() for v in model.optimizer.variables}
    assert set(again) > set(now)
    for path in now:
        np.testing.assert_array_equal(again[path], velocity[path])
    assert not any(np.any(again[path]) for path in set(again) - set(now))
    assert model.optimizer.iterations == 8


def test_the_steps_that_follow_are_those_of_an_optimiser_that_was_not_touched():
    """A layer that never gets a gradient can be frozen without a trace."""
    plain, frozen = network(), network()
    for model in (plain, frozen):
        model.get_layer("hidden1").trainable = False
        keras_fit(compiled(model, optimizers.Adam(0.01)))
    transfer.freeze(frozen, 1)  # it is already: only step and optimiser are new
    for model in (plain, frozen):
        model.fit(X, Y, epochs=2, batch_size=8, verbose=0, shuffle=False)
    for one, other in zip(plain.weights, frozen.weights, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())


def test_what_the_model_was_compiled_with_stays():
    model = compiled(network(), optimizers.Adam(0.01, use_ema=True))
    keras_fit(model)
    transfer.freeze(model)
    assert set(model.evaluate(X, Y, verbose=0, return_dict=True)) == {"loss", "accuracy"}
    assert isinstance(model.optimizer, optimizers.Adam)
    assert model.optimizer.use_ema


def test_a_model_that_is_not_compiled_stays_so():
    model = network()
    transfer.freeze(model)
    transfer.thaw(model)
    assert not model.compiled


def test_names_reach_into_a_network_inside():
    base = models.dnn(6, (5, 4), 3, name="base")
    outer = keras.Sequential([keras.Input((6,)), base, keras.layers.Dense(2, name="top")])
    transfer.freeze(outer, "hidden1")
    assert [layer.trainable for layer in base.layers if layer.weights] == [False, True, True]
    transfer.freeze(outer)
    assert outer.trainable_variables == outer.get_layer("top").trainable_variables
    transfer.thaw(outer, "hidden2")
    assert [layer.trainable for layer in base.layers if layer.weights] == [False, True, False]


def test_no_flag_outside_is_left_in_the_way():
    base = models.dnn(6, (5, 4), 3, name="base")
    outer = keras.Sequential([keras.Input((6,)), base, keras.layers.Dense(2, name="top")])
    base.trainable = False
    transfer.thaw(outer, "hidden2")
    trained = {"hidden2": 2, "top": 2}
    found = [
        layer.name for layer in (*base.layers, outer.get_layer("top")) if layer.trainable_variables
    ]
    assert found == list(trained)
    outer.trainable = False
    transfer.thaw(outer)
    assert len(outer.trainable_variables) == 8


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: transfer.freeze(m, 5), "layers is 5, and there are 4 layers: hidden1, hidden2"),
        (lambda m: transfer.freeze(m, 0), "layers is a whole number, 1 or more, and got 0"),
        (lambda m: transfer.freeze(m, "hidden7"), "no layer is called 'hidden7': there are X, h"),
        (lambda m: transfer.freeze(m, ["hidden1", "x"]), "no layer is called 'x'"),
        (lambda m: transfer.thaw(m, 1), "layers is 1, and there are 0 frozen layers: none"),
        (lambda m: transfer.thaw(m, 1.5), "layers is a whole number, 1 or more, and got 1.5"),
        (lambda m: transfer.thaw(m, True), "layers is a whole number, 1 or more, and got True"),
        (lambda m: transfer.freeze("model"), "a Keras model was expected, and got str"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(call, message):
    model = network()
    with pytest.raises(InputError, match=message):
        call(model)
    assert len(trained(model)) == 4


def tenth():
    return 0.1


def test_a_refused_freeze_leaves_flags_and_step_as_they_are():
    """An optimiser whose rate is a function cannot be made anew."""
    model = compiled(network(), keras.optimizers.SGD(tenth))
    with pytest.raises(InputError, match="cannot be made anew"):
        transfer.freeze(model, 1)
    assert len(trained(model)) == 4
    assert moved(model, keras_fit) == {weight.path for weight in model.weights}


def test_two_layers_of_one_name_are_not_guessed_at():
    inner = keras.Sequential([keras.Input((6,)), keras.layers.Dense(4, name="dense")], name="in")
    outer = keras.Sequential([keras.Input((6,)), inner, keras.layers.Dense(2, name="dense")])
    with pytest.raises(InputError, match="2 layers are called 'dense', some in a network inside"):
        transfer.freeze(outer, "dense")


def test_single_weights_that_were_set_apart_stay_so():
    model = network()
    bias = model.get_layer("outputs").bias
    bias.trainable = False
    transfer.freeze(model, 1)
    assert not bias.trainable
    assert len(model.trainable_variables) == 5


def test_a_block_is_frozen_whatever_its_batch_norm_is():
    model = network((4,), batch_norm=True)
    model.get_layer("hidden1").trainable = False
    assert [kernel_is_frozen(block) for block in blocks_of(model)] == [True, False]
    model.get_layer("hidden1_bn").trainable = False
    assert [kernel_is_frozen(block) for block in blocks_of(model)] == [True, False]
