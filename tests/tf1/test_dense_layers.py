"""Which bias belongs to which kernel, and the names of the layers."""

import pytest

from dnn_tf.tf1.dense_layers import is_kernel, is_vector, layer_names, model_name, pair_biases


@pytest.mark.parametrize(
    "name", ["rnn/basic_rnn_cell/kernel", "lstm_cell_1/kernel", "embedding/table", "gru/kernel"]
)
def test_a_matrix_of_something_else_is_no_kernel(name):
    assert not is_kernel(name, (178, 150))


def test_a_bias_may_be_a_row():
    assert is_vector("b1", (1, 10))
    assert not is_kernel("b1", (1, 10))
    assert is_kernel("hidden1/kernel", (1, 10))
    assert pair_biases({"W1": (4, 10)}, {"b1": (1, 10)}) == {"W1": "b1"}


@pytest.mark.parametrize(
    "pairs",
    [
        {"dnn/hidden1/kernel": "dnn/hidden1/bias", "dnn/outputs/kernel": "dnn/outputs/bias"},
        {"hidden1/weights": "hidden1/biases", "fully_connected/weights": "fully_connected/biases"},
        {"kernel": "bias", "kernel_1": "bias_1", "kernel_10": "bias_10", "kernel_2": "bias_2"},
        {"W": "b", "W_1": "b_1"},
        {"W_hidden": "b_hidden", "W_out": "b_out"},
        {"Variable": "Variable_1", "Variable_2": "Variable_3", "Variable_10": "Variable_11"},
        {"hidden1/theta": "hidden1/bias"},
    ],
)
def test_pairs_of_equal_sizes_by_their_names(pairs):
    kernels = dict.fromkeys(pairs, (5, 5))
    vectors = dict.fromkeys(reversed(pairs.values()), (5,))
    assert pair_biases(kernels, vectors) == pairs


def test_a_layer_may_have_no_bias():
    assert pair_biases({"a/kernel": (4, 3), "b/kernel": (3, 2)}, {"b/bias": (2,)}) == {
        "b/kernel": "b/bias"
    }


@pytest.mark.parametrize("vector", ["hidden1/alpha", "hidden2/bias", "bias"])
def test_not_every_vector_is_the_bias(vector):
    assert pair_biases({"hidden1/kernel": (4, 3)}, {vector: (3,)}) == {}


def test_a_bias_of_another_size_is_none():
    assert pair_biases({"kernel": (4, 3)}, {"bias": (2,)}) == {}


@pytest.mark.parametrize(
    ("kernels", "names"),
    [
        (["hidden1/kernel", "logits/kernel"], ["hidden1", "logits"]),
        (["DNN_A/hidden1/kernel", "DNN_A/logits/kernel"], ["hidden1", "logits"]),
        (["dense/kernel", "dense_1/kernel"], ["dense", "dense_1"]),
        (["encoder/fc/kernel", "decoder/fc/kernel"], ["encoder_fc", "decoder_fc"]),
        (["W_in", "W_out"], ["in", "out"]),
        (["W", "W_1", "W_2"], ["hidden1", "hidden2", "outputs"]),
        (["dnn/kernel", "dnn/kernel_1"], ["hidden1", "outputs"]),
        (["X/kernel", "Y/kernel"], ["hidden1", "outputs"]),  # X is the inputs
        (["a/kernel", "a_bn/kernel"], ["hidden1", "outputs"]),  # as would be a normalisation
        (["layer.1/kernel", "layer.2/kernel"], ["hidden1", "outputs"]),  # no name for Keras
        (["softmax_linear/weights"], ["softmax_linear"]),
        (["kernel"], ["outputs"]),
    ],
)
def test_names_of_the_layers(kernels, names):
    assert layer_names(kernels) == names


def test_name_of_the_model():
    assert model_name(["DNN_A/hidden1/kernel", "DNN_A/logits/kernel"]) == "DNN_A"
    assert model_name(["hidden1/kernel", "logits/kernel"]) == "dnn"
