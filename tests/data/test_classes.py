"""Class numbers and class names."""

import re

import numpy as np
import pytest

from dnn_tf.data.classes import (
    check_names,
    check_two,
    list_some,
    numbered,
    numbers_of_names,
)
from dnn_tf.types import InputError


def test_numbers_are_their_names():
    y, names = numbered(np.array([2.0, 0.0, 1.0, 1.0]), "a.csv")
    assert y.dtype == np.int64
    assert (y.tolist(), names) == ([2, 0, 1, 1], ("0", "1", "2"))


def test_gaps_are_closed_if_they_may_be():
    y, names = numbered(np.array([9, 10, 1e18, 9]), "a.csv", gaps=True)
    assert (y.tolist(), names) == ([0, 1, 2, 0], ("9", "10", "1e+18"))


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
        numbered(np.array(y), "a.csv")


@pytest.mark.parametrize(("label", "shown"), [(1e15, "1e.15"), (4, "4")])
def test_the_line_of_the_first_number_beyond_the_gap(label, shown):
    y = np.array([0, 1, label, 1, 5e15, label])
    words = rf"a.csv, line 6: the label is {shown}, but class 2 has no .* go up to 5e\+15: number"
    with pytest.raises(InputError, match=words):
        numbered(y, "a.csv", [2, 3, 6, 7, 8, 9])


def test_numbers_of_names():
    y = numbers_of_names(["b", "c", "b"], ("c", "b"), "a.npz")
    assert y.dtype == np.int64
    np.testing.assert_array_equal(y, [1, 0, 1])


@pytest.mark.parametrize("label", ["d", "", "nan", "N/A", "a\tb"])
def test_a_label_that_is_no_class(label):
    names = ("b", "c", *({label} - {"d"}))
    with pytest.raises(
        InputError, match=rf"a.npz: y\[1\] is {re.escape(repr(label))}, .* \(b, c\)"
    ):
        numbers_of_names(["b", label], names, "a.npz")


def test_no_label_is_a_class():
    with pytest.raises(InputError, match=r"y\[0\] is '', and .* expected \(a line of text\)"):
        numbers_of_names(["", ""], ("",), "a.npz")


def test_names_of_their_own_in_one_line():
    check_names(("a", "A", "a b", "é\u202f"), "class_names")
    with pytest.raises(InputError, match=r"class_names\[1\] and \[3\] are both 'b', and each"):
        check_names(("a", "b", "c", "b"), "class_names")
    for name in ("a\nb", "\x00", "\x85", "\u2028", "\udcff"):
        with pytest.raises(InputError, match=r"class_names\[1\] is '.*\\.*', and a name") as caught:
            check_names(("a", name), "class_names")
        assert str(caught.value).isprintable()


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
