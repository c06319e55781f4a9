"""The order of the layers."""

import itertools

import pytest

from dnn_tf.tf1.order import in_order, is_chain, listed
from dnn_tf.types import InputError


def shuffled(shapes):
    """In every order in which a checkpoint may list them."""
    return map(dict, itertools.permutations(shapes.items()))


@pytest.mark.parametrize(
    "shapes",
    [
        {"hidden1/kernel": (784, 300), "hidden2/kernel": (300, 100), "outputs/kernel": (100, 10)},
        {"kernel": (784, 300), "kernel_1": (300, 100), "kernel_2": (100, 10)},
        {"z": (784, 300), "a": (300, 100), "k": (100, 10)},  # by shapes alone
        {"dense_1/kernel": (9, 7), "dense/kernel": (7, 5)},  # shapes overrule numbers
        {"h1": (5, 5), "h2": (5, 5), "h10": (5, 5), "outputs": (5, 5)},  # by names alone
        {"in": (8, 5), "fc1": (5, 5), "fc2": (5, 5), "top": (5, 3)},
        {"hidden1": (8, 4), "hidden2": (4, 2), "hidden3": (2, 4), "outputs": (4, 8)},  # a ring
        {"logits/kernel": (784, 10)},
    ],
)
def test_found_however_they_are_listed(shapes):
    for listing in shuffled(shapes):
        assert in_order(listing) == tuple(shapes)


@pytest.mark.parametrize(
    "shapes",
    [
        {"a": (5, 5), "b": (5, 5)},
        {"in": (8, 5), "blue": (5, 5), "red": (5, 5), "outputs": (5, 3)},
        {"encoder": (8, 4), "decoder": (4, 8)},
    ],
)
def test_several_orders_are_an_error_that_lists_the_kernels(shapes):
    with pytest.raises(InputError, match=r"not clear .*\(\d, \d\), .*layers=\[\.\.\.\]"):
        in_order(shapes)


@pytest.mark.parametrize(
    "shapes",
    [
        {"hidden1": (784, 300), "outputs": (100, 10)},
        {"A/hidden1": (784, 300), "B/hidden1": (784, 300)},
    ],
)
def test_no_order_is_an_error_that_lists_the_kernels(shapes):
    assert not is_chain(shapes)
    with pytest.raises(InputError, match=r"do not follow one another .*hidden1 \(784, 300\)"):
        in_order(shapes)


def test_three_hundred_equal_layers():
    shapes = {f"hidden{number}/kernel": (5, 5) for number in range(300, 0, -1)}
    assert in_order(shapes)[:2] == ("hidden1/kernel", "hidden2/kernel")


def test_a_search_without_end_is_given_up():
    """Many layers that all fit on one another, and on no last one."""
    letters = {f"{'abcdefghijkl'[number]}/kernel": (5, 5) for number in range(12)}
    with pytest.raises(InputError, match="not clear"):
        in_order({**letters, "one": (7, 8), "other": (8, 7)})


def test_a_long_list_is_cut():
    text = listed({f"h{number}": (5, 5) for number in range(20)}, most=2)
    assert text == "h0 (5, 5), h1 (5, 5), and 18 more"
