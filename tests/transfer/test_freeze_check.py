import math

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import losses, models, optimizers, transfer
from dnn_tf.types import InputError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(24, 4)).astype("float32")
Y = RNG.integers(0, 2, 24)


def network():
    keras.utils.set_random_seed(0)
    return models.dnn(4, (5, 3), 2, activation="elu", batch_norm=True)


def own_fit(model, check):
    optimizer = model.optimizer if model.compiled else optimizers.Adam(0.01)
    dnn_tf.fit(
        model, (X, Y), loss=losses.sparse_softmax_cross_entropy, optimizer=optimizer,
        epochs=2, batch_size=8, callbacks=[check], jit_compile=False,
    )  # fmt: skip


def keras_fit(model, check):
    if not model.compiled:
        compiled(model)
    model.fit(X, Y, epochs=2, batch_size=8, verbose=0, callbacks=[check])


def compiled(model):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizers.Adam(0.01), loss, jit_compile=False)


@pytest.mark.parametrize("fit", [own_fit, keras_fit], ids=["dnn_tf.fit", "model.fit"])
def test_says_what_moved(fit):
    model, check = network(), transfer.FreezeCheck()
    transfer.freeze(model, 1)
    before = model.get_layer("hidden2").kernel.numpy()
    fit(model, check)
    after = model.get_layer("hidden2").kernel.numpy()
    found = {one.weight: one for one in check.movements}
    assert {one.weight for one in check.movements if one.frozen} == {
        f"hidden1{end}"
        for end in (
            "/kernel", "/bias", "_bn/gamma", "_bn/beta", "_bn/moving_mean", "_bn/moving_variance",
        )
    }  # fmt: skip
    assert all((one.moved == 0) == one.frozen for one in check.movements)
    way = np.linalg.norm(after - before) / np.linalg.norm(before)
    assert found["hidden2/kernel"].moved == pytest.approx(way, rel=1e-6)
    assert found["outputs/bias"].moved == math.inf  # from zero


def test_a_step_from_before_the_freeze_is_caught():
    """Keras says nothing here: the compiled step goes on training what was frozen since."""
    model = network()
    compiled(model)
    model.fit(X, Y, verbose=0)
    model.get_layer("hidden1").trainable = False
    with pytest.raises(InputError, match="hidden1/kernel.* were frozen and moved in training: the"):
        keras_fit(model, transfer.FreezeCheck())


def test_a_layer_that_changes_by_itself_is_caught():
    @keras.saving.register_keras_serializable(package="test_freeze_check")
    class Counts(keras.layers.Layer):
        def build(self, shape):
            self.calls = self.add_weight(name="calls", shape=(), trainable=False)

        def call(self, x):
            self.calls.assign_add(1.0)
            return x

    model = keras.Sequential([keras.Input((4,)), Counts(), keras.layers.Dense(2)])
    model.layers[0].trainable = False
    compiled(model)
    with pytest.raises(InputError, match="calls were frozen and moved .* or the layer changes th"):
        keras_fit(model, transfer.FreezeCheck())


def test_what_was_to_be_trained_and_stood_still_is_told():
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(3, "relu", name="dead"), keras.layers.Dense(2)]
    )
    model.get_layer("dead").bias.assign([-1e3] * 3)
    with pytest.warns(
        UserWarning, match="dead/kernel, .*dead/bias.* were to be trained and did not"
    ):
        keras_fit(model, transfer.FreezeCheck())


def test_can_be_used_again_and_with_a_checkpoint(tmp_path):
    check = transfer.FreezeCheck()
    for part in ("one", "two"):
        model = network()
        transfer.freeze(model)
        dnn_tf.fit(
            model, (X, Y), loss=losses.sparse_softmax_cross_entropy, epochs=1, batch_size=8,
            optimizer=optimizers.Adam(0.01), callbacks=[check],
            checkpoint=tmp_path / part, jit_compile=False,
        )  # fmt: skip
        assert len(check.movements) == len(model.weights)


def test_layers_of_one_name_are_told_apart():
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4, name="dense")], name="in")
    inner.trainable = False
    model = keras.Sequential([keras.Input((4,)), inner, keras.layers.Dense(2, name="dense")])
    check = transfer.FreezeCheck()
    keras_fit(model, check)  # without a warning
    assert [one.moved > 0 for one in check.movements] == [False, False, True, True]
