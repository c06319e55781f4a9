"""What goes through the layers of any model."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import layers, models
from dnn_tf.diagnostics.recording import activation_name, recording

K = keras.layers
X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")


def calls_of(model, x=X):
    x = tf.constant(x)
    with tf.GradientTape() as tape, recording(model, tape, x) as calls:
        outputs = model(x, training=False)
    return calls, outputs


def functional(*stack):
    return keras.Sequential([keras.Input((4,)), *stack])


@pytest.mark.parametrize(
    "layer",
    [K.Dense(3, "tanh"), layers.NeuronLayer(3, "tanh"), layers.NeuronLayer(3, layers.PReLU())],
    ids=["keras", "ours", "with a layer for its activation"],
)
def test_what_goes_into_an_activation_and_comes_out(layer):
    (call,), outputs = calls_of(functional(layer))
    z = X @ layer.kernel.numpy() + layer.bias.numpy()
    np.testing.assert_allclose(call.before, z, rtol=1e-5)
    np.testing.assert_array_equal(call.inputs[0], X)
    assert call.outputs is outputs
    assert call.activation in ("tanh", "prelu")


def test_a_layer_that_is_an_activation():
    calls, _ = calls_of(functional(K.Dense(3, name="a"), K.Activation("elu", name="b"), K.ReLU()))
    assert [call.activation for call in calls] == [None, "elu", "relu"]
    assert calls[1].before is calls[0].outputs


class Block(keras.Layer):
    """Holds layers, has no weights itself."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.dense = K.Dense(units, "relu", name="inside")

    def build(self, shape):
        self.dense.build(shape)

    def call(self, x):
        return self.dense(x) * 2


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.block, self.last = Block(4), K.Dense(2, name="last")

    def call(self, x):
        for _ in range(2):
            x = self.block(x)
        return self.last(x)


def test_a_class_of_ones_own_with_a_block_called_twice():
    model = Subclassed()
    model(X)
    calls, _ = calls_of(model)
    assert [call.name for call in calls] == ["inside", "inside (2)", "last"]
    assert [call.reads_input for call in calls] == [True, False, False]


def test_models_in_models_and_what_changes_no_number():
    inner = keras.Sequential([keras.Input((4,)), K.Dense(4, name="a")], name="inner")
    model = functional(inner, K.Reshape((2, 2)), K.Dropout(0.5), K.Flatten(), K.Dense(2, name="b"))
    assert [call.name for call in calls_of(model)[0]] == ["a", "b"]


def test_two_layers_of_one_name():
    inner = keras.Sequential([keras.Input((4,)), K.Dense(4, name="a")], name="inner")
    assert [call.name for call in calls_of(functional(inner, K.Dense(2, name="a")))[0]] == [
        "a",
        "a (2)",
    ]


def test_a_recurrent_layer_is_one():
    model = models.rnn(image_shape=(2, 2), units=(3,), n_outputs=2, cell=layers.LSTMCell)
    assert [call.name for call in calls_of(model)[0]] == ["recurrent1", "outputs"]


def test_what_is_compiled_is_one_layer():
    block = Block(4, name="compiled")
    block.call = tf.function(block.call, autograph=False)
    assert [call.name for call in calls_of(functional(block))[0]] == ["compiled"]


def test_what_reads_the_input():
    model = functional(K.Rescaling(2.0), K.BatchNormalization(), K.Dense(3), K.Dense(2))
    assert [call.reads_input for call in calls_of(model)[0]] == [False, False, True, False]


def test_words_are_no_quantities():
    model = functional(K.Embedding(9, 3), K.Flatten(), K.Dense(2))
    calls, _ = calls_of(model, np.ones((6, 4), "float32"))
    assert calls[0].inputs == ()
    assert not calls[0].reads_input


def test_nothing_is_left_behind():
    model = models.dnn(4, (3,), 2, batch_norm=True)
    before = {layer.name: dict(vars(layer)) for layer in model.layers}
    calls_of(model)
    tape = tf.GradientTape()
    with pytest.raises(ValueError, match="no"), recording(model, tape, X):
        raise ValueError("no")
    for layer in model.layers:
        assert set(vars(layer)) == set(before[layer.name])
        assert vars(layer).get("activation") is before[layer.name].get("activation")


def test_averages_are_those_of_before():
    model = functional(K.BatchNormalization())
    (call,), _ = calls_of(model)
    assert call.averages[0].tolist() == [0, 0, 0, 0]
    assert model.layers[0].moving_mean.numpy().any()  # it took the mean of the rows


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (K.Dense(1, lambda z: z), "<lambda>"),
        (K.Dense(1, K.LeakyReLU()), "leaky_relu"),
        (K.Softmax(), "softmax"),
        (K.Dense(1, "linear"), None),
        (layers.NeuronLayer(1), None),
    ],
)
def test_names_of_activations(layer, name):
    assert activation_name(layer) == name


def test_a_call_of_ones_own_is_put_back():
    model = functional(K.Dense(3), K.Dense(2))
    own = vars(model.layers[0])["call"] = lambda x, training=None: x[:, :3] * 2
    calls_of(model)
    assert vars(model.layers[0])["call"] is own
    assert "call" not in vars(model.layers[1])


def test_what_is_frozen_reads_the_input_too():
    base = K.Dense(3, trainable=False)
    model = functional(K.Normalization(mean=0.0, variance=1.0), K.RMSNormalization(), base)
    model.add(K.Dense(2))
    assert [call.reads_input for call in calls_of(model)[0]] == [False, False, True, False]


def test_what_is_compiled_while_it_is_looked_at_stays_as_it_was():
    """A batch normalisation in it is not seen, and later calls do not find it in training."""
    block = Block(4, name="compiled")
    inner = block.dense = K.BatchNormalization()
    model = functional(block)
    block.call = tf.function(block.call, autograph=False)  # it has traced nothing yet
    calls, outputs = calls_of(model)
    assert [call.averages for call in calls] == [None]
    np.testing.assert_allclose(model(X), outputs)
    assert not inner.moving_mean.numpy().any()
