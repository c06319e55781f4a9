"""Which layer each batch normalisation follows."""

import pytest

from dnn_tf.tf1.batch_norms import Norm, find_norms, place_norms
from dnn_tf.types import InputError

KERNELS = ["hidden1/kernel", "hidden2/kernel", "outputs/kernel"]


def norms(features):
    return [Norm(name, size, {}) for name, size in features.items()]


def placed(features, sizes, kernels=KERNELS):
    found = place_norms(norms(features), kernels, sizes)
    return {number: norm.name for number, norm in sorted(found.items())}


def moving(name, size=5):
    return {f"{name}/moving_mean": (size,), f"{name}/moving_variance": (size,)}


def test_found_by_the_names_of_their_variables():
    vectors = {
        **moving("bn_10"), **moving("bn_2"), "bn_2/beta": (5,),
        "moving_mean_1": (3,), "moving_variance_1": (3,), "hidden1/bias": (5,),
    }  # fmt: skip
    found = {norm.name: (norm.features, set(norm.parts)) for norm in find_norms(vectors)}
    assert found == {
        "bn_2": (5, {"moving_mean", "moving_variance", "beta"}),
        "bn_10": (5, {"moving_mean", "moving_variance"}),
        "_1": (3, {"moving_mean", "moving_variance"}),
    }


def test_without_moving_averages_it_cannot_be_used():
    with pytest.raises(InputError, match="bn/gamma has no moving_mean and no moving_variance"):
        find_norms({"bn/gamma": (5,)})


def test_its_variables_are_of_one_length():
    with pytest.raises(InputError, match=r"variables of bn have the shapes \(4,\), \(5,\)"):
        find_norms({**moving("bn"), "bn/beta": (4,)})


def test_one_a_layer():
    features = {"batch_normalization": 5, "batch_normalization_1": 5, "batch_normalization_2": 5}
    assert list(placed(features, [5, 5, 5, 5])) == [1, 2, 3]


def test_one_a_hidden_layer():
    assert list(placed({"bn": 5, "bn_1": 5}, [5, 5, 5, 5])) == [1, 2]


def test_by_sizes():
    assert placed({"bn": 784, "bn_1": 100}, [784, 300, 100, 10]) == {0: "bn", 2: "bn_1"}
    assert placed({"norm": 100, "other": 300}, [784, 300, 100, 10]) == {1: "other", 2: "norm"}


@pytest.mark.parametrize(
    "names",
    [
        {"hidden2/BatchNorm": 5, "outputs/bn": 5},
        {"hidden2_bn": 5, "bn_outputs": 5},
        {"hidden2/hidden2_bn": 5, "outputs_batch_norm": 5},
    ],
)
def test_by_the_name_of_the_layer(names):
    assert list(placed(names, [5, 5, 5, 5])) == [2, 3]


def test_a_name_that_is_the_beginning_of_another():
    kernels = ["dense/kernel", "dense_1/kernel"]
    assert placed({"dense_1_bn": 5}, [5, 5, 5], kernels) == {2: "dense_1_bn"}
    kernels = ["fc/kernel", "fc_out/kernel"]
    assert placed({"fc_out_bn": 5, "fc_bn": 5}, [5, 5, 5], kernels) == {1: "fc_bn", 2: "fc_out_bn"}


def test_some_by_name_and_some_by_size():
    features = {"outputs/bn": 5, "bn": 5, "bn_1": 5}
    assert placed(features, [5, 5, 5, 5]) == {1: "bn", 2: "bn_1", 3: "outputs/bn"}


@pytest.mark.parametrize(
    "features",
    [
        {"bn": 5},  # after either hidden layer, or before the first
        {"norm": 5, "other": 5},
        {"bn": 7},
        {"hidden1/bn": 5, "hidden1/other": 5},
        {"bn": 5, "bn_1": 5, "bn_2": 5, "bn_3": 5, "bn_4": 5},
    ],
)
def test_otherwise_it_is_not_clear(features):
    with pytest.raises(InputError, match=r"not clear which layers .*5, 5, 5 units.*layers=\["):
        placed(features, [5, 5, 5, 5])
