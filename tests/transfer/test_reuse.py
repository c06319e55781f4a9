import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import layers, models, tf1, transfer
from dnn_tf.types import InputError


def rows(n=8, features=4):
    return np.random.default_rng(0).normal(size=(n, features)).astype("float32")


def hidden_outputs(model, name, x):
    return keras.Model(model.inputs[0], model.get_layer(name).output)(x).numpy()


@pytest.mark.parametrize(
    ("keep", "kept"),
    [(None, 3), ("all", 4), (1, 1), (3, 3), ("hidden2", 2), ("hidden2_bn", 2), ("hidden1", 1)],
)
def test_kept_layers_give_what_they_gave(keep, kept):
    model = models.dnn(4, (5, 4, 3), 2, activation="elu", batch_norm=True, dropout=0.2)
    new = transfer.reuse(model, 7, keep=keep)
    assert new.output_shape == (None, 7)
    top = [*[f"hidden{i}_dropout" for i in (1, 2, 3)], "outputs"][kept - 1]
    np.testing.assert_array_equal(
        hidden_outputs(new, top, rows()), hidden_outputs(model, top, rows())
    )
    n_kept = 3 * min(kept, 3) + (kept == 4)  # of each hidden layer: dense, batch norm
    assert sum(layer.trainable for layer in new.layers if layer.weights) == 1
    assert len([layer for layer in new.layers if layer.weights]) == n_kept - min(kept, 3) + 1


def test_new_hidden_layers_count_on_and_train():
    model = models.dnn(4, (5, 4, 3), 2)
    new = transfer.reuse(
        model, 6, keep=2, new_hidden=(9, 8), activation="elu", kernel_initializer="he_normal",
        batch_norm=True, dropout=0.5,
    )  # fmt: skip
    assert [layer.name for layer in new.layers if layer.weights] == [
        "hidden1", "hidden2", "hidden3", "hidden3_bn", "hidden4", "hidden4_bn", "outputs",
    ]  # fmt: skip
    assert [layer.name for layer in new.layers if layer.weights and not layer.trainable] == [
        "hidden1",
        "hidden2",
    ]
    assert new.get_layer("hidden4").units == 8


def test_nothing_is_shared_and_the_old_weights_stay():
    model = models.dnn(4, (5, 3), 2, batch_norm=True)
    before = [weight.numpy() for weight in model.weights]
    new = transfer.reuse(model, 3, freeze=False)
    new.compile(keras.optimizers.SGD(1.0), "mse")
    new.fit(rows(), np.ones((8, 3)), epochs=2, verbose=0)
    assert not {id(w) for w in model.weights} & {id(w) for w in new.weights}
    for weight, value in zip(model.weights, before, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)
    assert not np.array_equal(new.get_layer("hidden1").kernel, model.get_layer("hidden1").kernel)


def test_flags_of_the_old_network_do_not_come_along():
    model = models.dnn(4, (5, 3), 2)
    model.trainable = False
    new = transfer.reuse(model, 3, freeze=False)
    assert len(new.trainable_variables) == 6
    assert model.trainable_variables == []


def test_convolutions_are_followed_by_rows():
    model = models.cnn((12, 12, 1), filters=(2, 3), kernel_size=3, hidden=(5,), n_outputs=4)
    new = transfer.reuse(model, 3, keep="conv1")
    assert [layer.name for layer in new.layers][-3:] == ["pool1", "features", "outputs"]
    assert new(np.zeros((2, 144), "float32")).shape == (2, 3)
    assert transfer.reuse(model, 3, keep=2).layers[-2].name == "features"


def test_a_name_that_a_kept_layer_has_is_not_given_twice():
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(3, name="outputs"),
            keras.layers.Dense(3, name="hidden1"),
            keras.layers.Dense(2, activation="softmax", name="last"),
        ]
    )
    new = transfer.reuse(model, 5, new_hidden=(6,))
    assert [layer.name for layer in new.layers][1:] == [
        "outputs", "hidden1", "hidden2", "new_outputs",
    ]  # fmt: skip


def test_from_a_folder_a_file_and_a_checkpoint(tmp_path):
    model = models.dnn(4, (5, 3), 2)
    dnn_tf.save(model, tmp_path / "saved")
    model.save(tmp_path / "model.keras")
    expected = model.get_layer("hidden2").kernel.numpy()
    for source in (tmp_path / "saved", str(tmp_path / "model.keras")):
        new = transfer.reuse(source, 3)
        np.testing.assert_array_equal(new.get_layer("hidden2").kernel, expected)


def test_from_a_tf1_checkpoint(tmp_path):
    import tensorflow as tf

    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        v1 = tf.compat.v1
        for name, shape in {"hidden1": (4, 3), "outputs": (3, 2)}.items():
            v1.get_variable(f"{name}/kernel", shape, initializer=v1.random_normal_initializer())
            v1.get_variable(f"{name}/bias", shape[1:])
        session.run(v1.global_variables_initializer())
        kernel = session.run(v1.global_variables()[0])
        path = v1.train.Saver().save(session, str(tmp_path / "my_model.ckpt"))
    with pytest.raises(InputError, match="is a TensorFlow checkpoint: give what tf1.load_check"):
        transfer.reuse(path, 3)
    new = transfer.reuse(tf1.load_checkpoint(path, activation="elu"), 3)
    np.testing.assert_array_equal(new.get_layer("hidden1").kernel, kernel)


def test_can_be_saved_and_loaded(tmp_path):
    model = models.dnn(4, (5, 3), 2, batch_norm=True, activation="elu")
    new = transfer.reuse(model, 3, keep=1, new_hidden=(6,), activation="selu")
    dnn_tf.save(new, tmp_path / "new")
    again = dnn_tf.load(tmp_path / "new")
    np.testing.assert_array_equal(again(rows()), new(rows()))
    assert [layer.trainable for layer in again.layers] == [layer.trainable for layer in new.layers]


def residual():
    """Hidden layers past which a connection leads, and functions of keras.ops."""
    X = keras.Input((4,), name="X")
    left = layers.NeuronLayer(4, name="left")(layers.NeuronLayer(4, name="low")(X))
    right = layers.NeuronLayer(4, name="right")(left)
    z = keras.ops.relu(keras.layers.Add(name="sum")([left, right]))
    z = keras.ops.relu(layers.NeuronLayer(3, name="next")(z))
    return keras.Model(X, layers.NeuronLayer(2, name="top")(z))


@pytest.mark.parametrize(("keep", "units"), [(None, 3), ("next", 3), ("sum", 4), ("right", 4)])
def test_functions_of_keras_ops_and_residual_connections_come_along(keep, units):
    model = residual()
    new = transfer.reuse(model, 5, keep=keep)
    into_outputs = keras.Model(new.inputs[0], new.layers[-1].input)(rows(100)).numpy()
    assert into_outputs.shape == (100, units)
    assert (into_outputs >= 0).all()  # after the relu
    under = model.get_layer("next" if units == 4 else "top").input
    np.testing.assert_array_equal(into_outputs, keras.Model(model.inputs[0], under)(rows(100)))


def test_what_a_layer_was_adapted_to_comes_along(tmp_path):
    norm = keras.layers.Normalization()
    norm.adapt(50 + 10 * rows(500))
    model = keras.Sequential(
        [keras.Input((4,)), norm, keras.layers.Dense(3), keras.layers.Dense(2)]
    )
    new = transfer.reuse(model, 5)
    x = 50 + 10 * rows()
    kept = keras.Model(new.inputs[0], new.layers[-1].input)
    np.testing.assert_allclose(kept(x), model.layers[1](norm(x)), rtol=1e-5)
    dnn_tf.save(new, tmp_path / "new")
    np.testing.assert_array_equal(dnn_tf.load(tmp_path / "new")(x), new(x))


def test_a_layer_that_keeps_something_else_than_weights_is_refused():
    class Forgets(keras.layers.Layer):
        factor = 1.0

        def call(self, x):
            return x * self.factor

    layer = Forgets()
    layer.factor = 3.0
    model = keras.Sequential(
        [keras.Input((4,)), layer, keras.layers.Dense(3), keras.layers.Dense(2)]
    )
    with pytest.raises(InputError, match="a copy of .* does not give what it gives"):
        transfer.reuse(model, 5)


def test_a_network_of_one_layer_has_nothing_below_its_output_layer():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, name="only")])
    with pytest.raises(InputError, match="has one layer with weights, 'only': below it there is"):
        transfer.reuse(model, 5)
    assert len(transfer.reuse(model, 5, keep="all").weights) == 4


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"n_outputs": 0}, "n_outputs is a whole number, 1 or more, and got 0"),
        ({"keep": 4}, "keep is 4, and model 'dnn' has 3 layers with weights: hidden1, hidden2, o"),
        ({"keep": 0}, "keep is a whole number, 1 or more, and got 0"),
        ({"keep": True}, "keep is a whole number, 1 or more, and got True"),
        ({"keep": "hidden9"}, "no layer is called 'hidden9': there are X, hidden1"),
        ({"new_hidden": (3, 0)}, "new_hidden2 is a whole number"),
        ({"new_hidden": "30"}, "new_hidden is a sequence of whole numbers"),
        ({"units": 3}, "reuse takes no units: of a new hidden layer it takes activation, "),
    ],
)
def test_what_cannot_be_is_told(words, message):
    with pytest.raises(InputError, match=message):
        transfer.reuse(models.dnn(4, (5, 3), 2), **{"n_outputs": 3, **words})


def test_no_model():
    with pytest.raises(InputError, match="a Keras model was expected, and got int"):
        transfer.reuse(3, 2)
    with pytest.raises(InputError, match="nowhere"):
        transfer.reuse("nowhere", 2)
