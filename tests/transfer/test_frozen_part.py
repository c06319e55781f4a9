import keras
import numpy as np
import pytest

from dnn_tf import layers, models, transfer
from dnn_tf.transfer.frozen_part import halves
from dnn_tf.types import InputError

X = np.random.default_rng(0).normal(size=(5, 6)).astype("float32")


@pytest.mark.parametrize("n_frozen", [1, 2, 3])
def test_one_after_the_other_they_are_the_network(n_frozen):
    model = models.dnn(6, (5, 4, 3), 2, activation="elu", batch_norm=True)
    transfer.freeze(model, n_frozen)
    frozen, trained = halves(model)
    np.testing.assert_array_equal(trained(frozen(X)), model(X))
    assert frozen.trainable_variables == []
    names = [layer.name for layer in trained.layers if layer.weights]
    assert names[0] == ["hidden2", "hidden3", "outputs"][n_frozen - 1]
    assert {id(w) for w in trained.weights} <= {id(w) for w in model.weights}


def test_a_frozen_layer_above_one_that_is_trained_belongs_to_the_upper_half():
    model = models.dnn(6, (5, 4, 3), 2)
    transfer.freeze(model, ["hidden1", "hidden3"])
    frozen, trained = halves(model)
    assert [layer.name for layer in frozen.layers][-1] == "hidden1"
    assert len(trained.trainable_variables) == 4


def test_a_network_within_and_sequential_ones_can_be_cut():
    base = models.dnn(6, (5, 4), 3, name="base")
    outer = keras.Sequential([keras.Input((6,)), base, keras.layers.Dense(2, name="top")])
    transfer.freeze(outer)
    frozen, trained = halves(outer)
    np.testing.assert_array_equal(trained(frozen(X)), outer(X))
    assert [layer.name for layer in trained.layers][1:] == ["top"]


def test_dropout_of_rate_0_draws_nothing():
    model = models.dnn(6, (5, 4), 2, dropout=0.0)
    transfer.freeze(model, 1)
    assert halves(model)


def test_dropout_at_the_top_draws_in_the_upper_half():
    """As in the commonest recipe: a frozen base, dropout, a new output layer."""
    model = models.dnn(6, (5, 4), 2, dropout=0.3)
    model.get_layer("hidden1_dropout").rate = 0.0
    transfer.freeze(model)
    frozen, trained = halves(model)
    assert frozen.layers[-1].name == "hidden2"
    assert [layer.name for layer in trained.layers][1:] == ["hidden2_dropout", "outputs"]


@pytest.mark.parametrize("layer", ["LSTM", "GRU", "SimpleRNN"])
def test_recurrent_layers_without_dropout_are_constant(layer):
    recurrent = getattr(keras.layers, layer)
    model = keras.Sequential(
        [keras.Input((3, 2)), keras.layers.Bidirectional(recurrent(4)), keras.layers.Dense(2)]
    )
    transfer.freeze(model)
    assert halves(model).frozen.output_shape == (None, 8)
    model = keras.Sequential(
        [keras.Input((3, 2)), recurrent(4, dropout=0.5), keras.layers.Dense(2)]
    )
    transfer.freeze(model)
    with pytest.raises(InputError, match="draws anew in every step"):
        halves(model)


def test_the_trial_takes_the_rows_that_are_given():
    class OnlyFarBelow(keras.layers.Layer):
        def call(self, x, training=False):
            return keras.ops.where(x < -50, x + 1, x) if training else x

    model = keras.Sequential(
        [keras.Input((6,)), OnlyFarBelow(), keras.layers.Dense(4), keras.layers.Dense(2)]
    )
    transfer.freeze(model)
    assert halves(model)
    with pytest.raises(InputError, match="other outputs in training"):
        halves(model, 100 * X)


class Counting(keras.layers.Layer):
    """Gives the same in training and out of it, but changes."""

    def build(self, shape):
        self.calls = self.add_weight(name="calls", shape=(), trainable=False)

    def call(self, x):
        self.calls.assign_add(1.0)
        return x


class Doubling(keras.layers.Layer):
    """Gives something else in training, without a seed or a name that tells."""

    def call(self, x, training=False):
        return 2 * x if training else x


def with_layer(layer):
    return keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Dense(4, name="low"),
            layer,
            keras.layers.Dense(4, name="high"),
            keras.layers.Dense(2),
        ]
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: models.dnn(6, (5, 4), 2, dropout=0.3),
            "'hidden1_dropout', in the frozen part, dr",
        ),
        (lambda: models.dnn(6, (5,), 2, dropout_inputs=0.3), "draws anew in every step .Dropout."),
        (lambda: models.dnn(6, (5,), 2, activation="rrelu"), "draws anew in every step .RReLU."),
        (lambda: with_layer(layers.GaussianNoise(0.1)), "draws anew in every step"),
        (
            lambda: with_layer(
                keras.layers.BatchNormalization(scale=False, center=False, name="norm")
            ),
            "'norm', in the frozen part, is a batch norm in training mode: freeze it",
        ),
        (
            lambda: with_layer(keras.layers.SpectralNormalization(keras.layers.Dense(4))),
            "other out",
        ),
        (lambda: with_layer(Doubling()), "gives other outputs in training than out of it"),
        (lambda: with_layer(Counting()), "gives other outputs in training than out of it"),
    ],
)
def test_what_caching_would_change_is_refused(make, message):
    model = make()
    for layer in [layer for layer in model.layers if layer.weights][:-1]:
        if not isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    before = model.get_weights()
    with pytest.raises(InputError, match=message):
        halves(model)
    for value, weight in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(value, weight)


def test_nothing_frozen_and_all_frozen():
    model = models.dnn(6, (5,), 2)
    with pytest.raises(InputError, match="the lowest layer is trained: there is nothing"):
        halves(model)
    transfer.freeze(model, 2)
    with pytest.raises(InputError, match="every layer is frozen: there is nothing to train"):
        halves(model)


def test_what_a_trained_branch_leads_past_is_not_cached():
    start = keras.Input((6,), name="X")
    low = layers.NeuronLayer(6, name="low")(start)
    high = layers.NeuronLayer(6, name="high")(low)
    past = layers.NeuronLayer(6, name="past")(start)
    model = keras.Model(start, layers.NeuronLayer(2)(keras.layers.Add()([high, past])))
    transfer.freeze(model, "low")
    with pytest.raises(InputError, match="the lowest layer is trained: there is nothing to cache"):
        halves(model)
