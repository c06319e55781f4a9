"""Rows of a Python function."""

import itertools

import numpy as np
import pytest

from dnn_tf.data import Stream
from dnn_tf.types import InputError


def rows(n=10):
    for number in range(n):
        yield np.full(3, number, "float32"), number % 2


def read(stream, **words):
    return np.concatenate([x for x, _ in stream.read(4, **words)])[:, 0].tolist()


def test_gives_its_rows_in_every_epoch():
    stream = Stream.from_generator(rows, shuffle_rows=0)
    assert (stream.rows, stream.x_shape, stream.y_shape) == (None, (3,), ())
    assert read(stream, seed=1) == list(range(10)) == read(stream, seed=2)
    assert stream.rows == 10
    assert read(stream, first_row=7) == [7, 8, 9]


def test_one_that_never_ends():
    stream = Stream.from_generator(lambda: rows(10**9), rows=600, shuffle_rows=0)
    assert len(stream) == 600
    assert read(stream) == list(range(600))


def broken(row, number=5):
    def function():
        for index, sound in enumerate(rows()):
            yield row if index == number else sound

    return function


def failing():
    yield from rows(3)
    raise OSError("the cable is out")


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (rows(), "got generator: give the function itself"),
        ([1, 2], "got list: give the function itself"),
        (lambda: iter(()), "the generator gives no rows"),
        (lambda: iter([3]), r"row 0 is int, and a pair \(x, y\) was expected"),
        (lambda: iter([(1.0, 2)]), r"\(features,\) was expected"),
    ],
)
def test_refused(function, said):
    with pytest.raises(InputError, match=said):
        Stream.from_generator(function)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (broken((np.zeros(2, "float32"), 0)), r"mine: row 5: x is float32 of the shape \(2,\)"),
        (broken((np.zeros(3), 0)), r"row 5: x is float64 .* and float32 of \(3,\) was expected"),
        (broken((np.zeros(3, "float32"), 0.5)), "row 5: y is float64"),
        (broken("row"), "mine: row 5 is str"),
        (failing, r"mine raised OSError \(the cable is out\): repair the function"),
    ],
)
def test_a_row_on_the_way(function, said):
    stream = Stream.from_generator(function, title="mine")
    with pytest.raises(InputError, match=said):
        read(stream)


def test_a_reader_that_is_broken_off_leaves_the_function():
    closed = []

    def function():
        try:
            yield from rows(10**9)
        finally:
            closed.append(True)

    stream = Stream.from_generator(function)
    closed.clear()
    assert len(list(itertools.islice(stream.read(4), 2))) == 2
