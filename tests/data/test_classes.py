"""Class numbers and class names."""

import numpy as np
import pytest

from dnn_tf.data.classes import check_two, list_some, names_of_numbers, numbers_of_names
from dnn_tf.types import InputError


def test_names_of_numbers():
    assert names_of_numbers(np.array([2, 0, 1, 1]), "a.csv") == ("0", "1", "2")


@pytest.mark.parametrize(
    ("y", "words"),
    [
        ([0, 1, 3], "class 2 has no examples, and the labels go up to 3"),
        ([1, 2, 3], "class 0 has no examples, and the labels go up to 3"),
        ([0.0, 1e18], "class 1 has no examples"),  # at once, and in little memory
    ],
)
def test_a_number_between_that_no_row_has(y, words):
    with pytest.raises(InputError, match=f"a.csv: {words}"):
        names_of_numbers(np.array(y), "a.csv")


def test_numbers_of_names():
    y = numbers_of_names(["b", "c", "b"], ("c", "b"), "a.npz")
    assert y.dtype == np.int64
    np.testing.assert_array_equal(y, [1, 0, 1])


@pytest.mark.parametrize("label", ["d", "", "nan", "N/A"])
def test_a_label_that_is_no_class(label):
    names = ("b", "c", *({label} - {"d"}))
    with pytest.raises(InputError, match=rf"a.npz: y\[1\] is '{label}', and the name of a class"):
        numbers_of_names(["b", label], names, "a.npz")


def test_a_long_list_is_cut():
    assert list_some([str(i) for i in range(20)]).endswith("18, 19")
    assert list_some([str(i) for i in range(21)]).endswith("18, 19, ...")
    assert list_some(["a\nb"]) == "a b"


def test_two_classes_or_more():
    check_two(("a", "b"), "a.csv")
    with pytest.raises(InputError, match="a.csv: two classes or more were expected.* is 'a'"):
        check_two(("a",), "a.csv")
    with pytest.raises(InputError, match="there is none"):
        check_two((), "a.csv")
