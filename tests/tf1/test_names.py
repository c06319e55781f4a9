"""What the name of a TF1 variable says."""

import pytest

from dnn_tf.tf1.names import is_outputs, may_be_bias, partner, place, split, stem


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("DNN_A/hidden1/kernel", ("DNN_A/hidden1", "kernel")),
        ("W", ("", "W")),
        ("Variable_3", ("", "Variable_3")),
        ("layer1/biases/Variable_1", ("layer1", "biases")),
        ("layer1/Variable", ("layer1", "Variable")),
    ],
)
def test_scope_and_last_word(name, expected):
    assert split(name) == expected


@pytest.mark.parametrize(
    ("kernel", "bias"),
    [
        ("hidden1/kernel", "hidden1/bias"),
        ("hidden1/weights", "hidden1/biases"),
        ("kernel_2", "bias_2"),
        ("W1", "b1"),
        ("W_out", "b_out"),
        ("h1_weights", "h1_biases"),
        ("layer1/weights/Variable", "layer1/biases/Variable"),
    ],
)
def test_kernel_and_bias_of_a_layer_are_partners(kernel, bias):
    assert partner(kernel) == partner(bias)
    assert may_be_bias(bias)
    assert not may_be_bias(kernel)


@pytest.mark.parametrize("name", ["bn/beta", "prelu/alpha", "embedding", "wide", "batch"])
def test_other_words_have_no_partner(name):
    assert partner(name) is None
    assert not may_be_bias(name)


def test_numbers_are_sorted_as_numbers():
    names = ["dnn/hidden1/kernel", "dnn/hidden2/kernel", "dnn/hidden10/kernel"]
    assert sorted([names[2], *names[:2]], key=place) == names
    assert sorted(["dense_10", "dense", "dense_2"], key=place) == ["dense", "dense_2", "dense_10"]
    assert len(set(map(stem, names))) == 1
    assert stem("fc1/kernel") != stem("hidden1/kernel")


@pytest.mark.parametrize("name", ["outputs/kernel", "DNN_A/logits/kernel", "out_W", "output_2/W"])
def test_the_last_layer_by_its_name(name):
    assert is_outputs(name)


@pytest.mark.parametrize("name", ["hidden1/kernel", "outer/kernel", "output/fc1/kernel", "W"])
def test_others_are_not_the_last(name):
    assert not is_outputs(name)
