"""A stream in the place of a split."""

import hashlib

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.data import Dataset, Split, Stream, fingerprint, memory, select
from dnn_tf.types import InputError

X, Y = np.arange(200, dtype="uint8").reshape(100, 2), np.arange(100) % 3


def stream_of(x=X, y=Y, **words):
    return Stream.from_dataset(tf.data.Dataset.from_tensor_slices((x, y)), **words)


def read(stream, size=7, **words):
    return np.concatenate([x for x, _ in stream.read(size, **words)])


@pytest.mark.parametrize("shuffle_rows", [None, 0, 1, 30, 100, 1000])
def test_an_epoch_has_every_row_once(shuffle_rows):
    stream = stream_of(shuffle_rows=shuffle_rows)
    one, same, other = (read(stream, size, seed=seed) for size, seed in ((7, 1), (32, 1), (7, 2)))
    np.testing.assert_array_equal(one, same)  # however it is cut
    np.testing.assert_array_equal(np.sort(one, axis=0), X)
    mixes = shuffle_rows not in (0, 1)
    assert (one != X).any() == mixes == (one != other).any()


@pytest.mark.parametrize("first_row", [1, 29, 30, 31, 99])
def test_goes_on_at_any_row(first_row):
    stream = stream_of(shuffle_rows=30)
    whole = read(stream, seed=1)
    np.testing.assert_array_equal(read(stream, seed=1, first_row=first_row), whole[first_row:])


def test_bytes_become_floats():
    stream = stream_of(scale=200)
    x, y = next(stream.read(100))
    np.testing.assert_array_equal(x, X / np.float32(200))
    assert (x.dtype, y.dtype, stream.dtypes) == ("float32", "int64", ("float32", "int64"))
    assert next(stream.read(100, raw=True))[0].dtype == "uint8"


def test_stands_in_a_dataset():
    stream = stream_of(class_names=("a", "b", "c"))
    data = Dataset(stream, Split(X[:5], Y[:5]), class_names=stream.class_names)
    assert (len(data.train), data.train.x_shape, data.train.y_shape) == (100, (2,), ())
    with pytest.raises(InputError, match="validation: a sample has the shape"):
        Dataset(stream, Split(X[:5, :1], Y[:5]))
    digest = hashlib.sha256(f"train {stream.identity}\n".encode()).hexdigest()
    assert fingerprint(Dataset(stream)) == digest


def test_what_needs_all_rows_says_so():
    data = Dataset(stream_of(title="numbers"), class_names=("a", "b", "c"))
    with pytest.raises(InputError, match="numbers is a stream, and all of its rows at once"):
        select(data, per_class=3)
    with pytest.raises(InputError, match="numbers is a stream"):
        _ = data.train.y


def test_identity():
    same = stream_of(title="a").identity
    assert same == stream_of(title="a").identity
    others = [{"title": "b"}, {"shuffle_rows": 3}, {"scale": 2.0}, {"rows": 50}]
    assert same not in [stream_of(**({"title": "a"} | words)).identity for words in others]


def test_in_memory(monkeypatch):
    rows = stream_of(scale=200).in_memory()
    np.testing.assert_array_equal(rows.x, X / np.float32(200))
    np.testing.assert_array_equal(rows.y, Y)
    monkeypatch.setattr(memory, "machine_memory", lambda: 900)
    with pytest.raises(InputError, match="all 100 rows: .* train from the stream"):
        stream_of().in_memory()


def test_a_bad_row_is_named_by_its_place():
    bad = X.astype("float32")
    bad[77, 1] = np.nan
    with pytest.raises(InputError, match=r"mine: row 77: x\[1\] is nan.*: repair or drop that row"):
        stream_of(bad, title="mine").name_bad_row(3)
    with pytest.raises(InputError, match="mine: row 2: y is 2, and a whole number from 0 to 1"):
        stream_of(title="mine").name_bad_row(2)


@pytest.mark.parametrize(
    ("words", "said"), [({"shuffle_rows": -1}, "shuffle_rows"), ({"scale": 0}, "scale")]
)
def test_refused(words, said):
    with pytest.raises(InputError, match=said):
        stream_of(**words)


def test_rows_that_nobody_has_counted():
    stream = Stream.from_generator(lambda: zip(X, Y, strict=True), title="mine")
    with pytest.raises(InputError, match="mine: its rows are not counted yet: give rows="):
        len(stream)
    read(stream)
    assert len(stream) == 100
