import keras
import pytest

from dnn_tf import layers, models
from dnn_tf.transfer.blocks import blocks_of, find_block, leaves, own_weights
from dnn_tf.types import InputError


def names(model):
    return {block.name: [layer.name for layer in block.layers] for block in blocks_of(model)}


def test_what_belongs_to_a_hidden_layer_is_in_its_block():
    model = models.dnn(4, (5, 3), 2, batch_norm=True, dropout=0.5, dropout_inputs=0.1)
    own = ["", "_bn", "_activation", "_dropout"]
    assert names(model) == {
        "hidden1": ["X", "X_dropout", *(f"hidden1{end}" for end in own)],
        "hidden2": [f"hidden2{end}" for end in own],
        "outputs": ["outputs"],
    }


def test_prelu_and_pooling_belong_to_the_layer_before_them():
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1), name="input"),
            layers.Convolution(2, 3, name="conv"),
            keras.layers.PReLU(name="keras_prelu"),
            layers.MaxPooling(2, name="pool"),
            keras.layers.LayerNormalization(name="norm"),
            keras.layers.Flatten(name="flat"),
            layers.NeuronLayer(3, name="hidden"),
            layers.PReLU(name="prelu"),
        ]
    )
    assert names(model) == {
        "conv": ["input", "conv", "keras_prelu", "pool", "norm", "flat"],
        "hidden": ["hidden", "prelu"],
    }


def test_a_recurrent_layer_and_a_network_within_are_blocks():
    assert list(names(models.rnn((5, 4), (3,), 2)))[-1] == "outputs"
    base = models.dnn(4, (3, 3), 2, name="base")
    outer = keras.Sequential([keras.Input((4,)), base, keras.layers.Dense(2, name="top")])
    assert list(names(outer)) == ["base", "top"]


def test_what_a_residual_connection_leads_past_is_one_block():
    """With a projection in the shortcut; in another order of Keras' list of layers, too."""
    for swapped in (False, True):
        x = keras.Input((8, 8, 2), name="x")
        z = keras.layers.Conv2D(2, 3, padding="same", name="c0")(x)
        branches = [
            lambda z: keras.layers.BatchNormalization(name="bn1")(
                keras.layers.Conv2D(4, 3, padding="same", name="c1")(z)
            ),
            lambda z: keras.layers.BatchNormalization(name="bns")(
                keras.layers.Conv2D(4, 1, name="short")(z)
            ),
        ]
        ends = [branch(z) for branch in (branches[::-1] if swapped else branches)]
        z = keras.ops.relu(keras.layers.Add(name="sum")(ends))
        z = keras.layers.Flatten(name="flat")(z)
        model = keras.Model(x, keras.layers.Dense(2, name="top")(z))
        found = names(model)
        assert [sorted(layers) for layers in found.values()] == [
            ["c0", "x"], ["bn1", "bns", "c1", "flat", "short", "sum"], ["top"],
        ]  # fmt: skip


def test_a_network_is_not_cut_between_two_uses_of_a_layer():
    x = keras.Input((4,), name="x")
    tied = layers.NeuronLayer(4, name="tied")
    z = tied(layers.NeuronLayer(4, name="between")(tied(x)))
    model = keras.Model(x, layers.NeuronLayer(2, name="top")(z))
    assert [sorted(layers) for layers in names(model).values()] == [
        ["between", "tied", "x"], ["top"],
    ]  # fmt: skip


def test_the_block_that_a_layer_is_in():
    blocks = blocks_of(models.dnn(4, (3, 3), 2, batch_norm=True))
    assert find_block(blocks, "hidden2_bn") == 1
    with pytest.raises(InputError, match="no layer is called 'hidden3': there are X, hidden1"):
        find_block(blocks, "hidden3")


def test_weights_are_those_of_their_own_layer_alone():
    base = models.dnn(4, (3,), 2, batch_norm=True, dropout=0.5, name="base")
    outer = keras.Sequential([keras.Input((4,)), base])
    assert own_weights(base) == []
    assert [layer.name for layer in leaves(outer)] == ["hidden1", "hidden1_bn", "outputs"]
    assert own_weights(base.get_layer("hidden1_dropout")) == []  # a generator's state is none


@pytest.mark.parametrize("number", range(4))
def test_what_is_no_graph_of_layers(number):
    two = keras.Input((2,)), keras.Input((2,))
    what, words = [
        ("a name", "a Keras model was expected, and got str"),
        (keras.Sequential([keras.layers.Dense(2)]), "is no graph of layers"),
        (keras.Model(two, keras.layers.Add()(two)), "one input and one output"),
        (
            keras.Sequential([keras.Input((2,)), keras.layers.Dropout(0.5)]),
            "has no layer with weights",
        ),
    ][number]
    with pytest.raises(InputError, match=words):
        blocks_of(what)
