"""A `tf.data.Dataset` of the caller's own."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.data import Stream
from dnn_tf.types import InputError

X, Y = np.arange(60, dtype="float32").reshape(30, 2), np.arange(30) % 3
ROWS = tf.data.Dataset.from_tensor_slices((X, Y))


def read(stream, **words):
    return np.concatenate([x for x, _ in stream.read(7, **words)])


@pytest.mark.parametrize("words", [{}, {"rows": 17}, {"rows": 30}])
@pytest.mark.parametrize("batch", [None, 4, 30])
def test_gives_its_rows(words, batch):
    dataset = ROWS if batch is None else ROWS.batch(batch)
    stream = Stream.from_dataset(dataset, batched=batch is not None, shuffle_rows=0, **words)
    expected = X[: words.get("rows", 30)]
    assert stream.rows == (len(expected) if batch is None else words.get("rows"))
    np.testing.assert_array_equal(read(stream, seed=1), expected)
    assert len(stream) == len(expected)  # counted by now
    np.testing.assert_array_equal(read(stream, first_row=5), expected[5:])


def test_one_that_never_ends():
    stream = Stream.from_dataset(ROWS.repeat(), rows=70, shuffle_rows=0)
    np.testing.assert_array_equal(read(stream), np.tile(X, (3, 1))[:70])
    with pytest.raises(InputError, match="never ends: give rows"):
        Stream.from_dataset(ROWS.repeat())


@pytest.mark.parametrize(
    ("dataset", "words", "said"),
    [
        (X, {}, "tf.data.Dataset was expected, and got ndarray"),
        (tf.data.Dataset.from_tensor_slices(X), {}, r"pairs of tensors \(x, y\) were expected"),
        (tf.data.Dataset.from_tensor_slices({"x": X, "y": Y}), {}, "pairs of tensors"),
        (ROWS, {"rows": 31}, "rows is 31, and the dataset has 30"),
        (ROWS, {"rows": 0}, "rows"),
        (ROWS, {"title": ""}, "title is a line of text"),
        (ROWS, {"batched": True}, "y has the shape .*and one fixed shape"),
        (ROWS.batch(4), {}, r"x has the shape \(None, 2\), and one fixed shape"),
        (ROWS.map(lambda x, y: (tf.as_string(x), y)), {}, "x holds string"),
    ],
)
def test_refused(dataset, words, said):
    with pytest.raises(InputError, match=said):
        Stream.from_dataset(dataset, **words)


def test_what_cannot_be_read():
    def fails(x, y):
        return tf.debugging.check_numerics(x / tf.cast(y - 2, "float32"), "a division"), y

    stream = Stream.from_dataset(ROWS.map(fails), title="mine")
    with pytest.raises(InputError, match="mine: the dataset could not be read .*a division"):
        read(stream)


def test_fewer_rows_than_before():
    taken = iter([30, 20])
    dataset = tf.data.Dataset.from_generator(
        lambda: iter(zip(X[: (n := next(taken))], Y[:n], strict=True)),
        output_signature=(tf.TensorSpec((2,), "float32"), tf.TensorSpec((), "int64")),
    )
    stream = Stream.from_dataset(dataset)
    read(stream)
    with pytest.raises(InputError, match="gave 20 rows, and 30 were expected"):
        read(stream)
