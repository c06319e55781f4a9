"""A folder of shards, read."""

import json

import numpy as np
import pytest

from dnn_tf.data import Split, Stream, write_tfrecords
from dnn_tf.data.tfrecords import Shards, ShardSource
from dnn_tf.types import InputError

N = 1_000
X, Y = np.arange(2.0 * N, dtype="float32").reshape(N, 2), np.arange(N) % 7


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """48 records of 21 rows, the last one of 13, in 7 shards."""
    monkeypatch.setattr("dnn_tf.data.tfrecord_writer.MOST_RECORD_ROWS", 21)
    return write_tfrecords((X, Y), tmp_path / "rows", shards=7)


def rows_of(stream, **words):
    return np.concatenate([x for x, _ in stream.read(64, **words)])


def test_without_a_seed_rows_come_as_they_were_written(folder):
    stream = Stream.from_tfrecords(folder)
    order = np.random.default_rng(42).permutation(N)
    np.testing.assert_array_equal(rows_of(stream), X[order])
    np.testing.assert_array_equal(stream.in_memory().y, Y[order])


def test_a_seed_draws_the_order_of_shards_and_rows(folder):
    stream = Stream.from_tfrecords(folder, shuffle_rows=100)
    one, same, other = (rows_of(stream, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
    np.testing.assert_array_equal(np.sort(one, axis=0), X)


@pytest.mark.parametrize("at_once", [1, 3, 16])
@pytest.mark.parametrize("seed", [None, 1, 2, 3, 4, 5])
def test_goes_on_at_any_row(folder, seed, at_once, monkeypatch):
    monkeypatch.setattr("dnn_tf.data.tfrecords.SHARDS_AT_ONCE", at_once)
    stream = Stream.from_tfrecords(folder, shuffle_rows=100)
    whole = rows_of(stream, seed=seed)
    for first_row in (1, 99, 100, 650, 987, 999):
        np.testing.assert_array_equal(
            rows_of(stream, seed=seed, first_row=first_row), whole[first_row:]
        )


def test_records_are_left_out_unread(folder):
    source = ShardSource(Shards.of(folder), "train")
    assert source.blocks(None, 650)[1] == 650 // 21 * 21
    assert source.blocks(1, 200)[1] == 200 // 21 * 21


def test_a_row_has_a_place(folder):
    source = ShardSource(Shards.of(folder), "train")
    assert source.place(0) == f"{folder / 'train-00000.tfrecord'}: row 0"
    assert source.place(21 * 9 + 4) == f"{folder / 'train-00002.tfrecord'}: row 25"


def test_another_split(folder):
    with pytest.raises(InputError, match="has no split 'test', and train was expected"):
        Stream.from_tfrecords(folder, "test")


def damaged(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut_off(file):
    file.write_bytes(file.read_bytes()[:-1])


def changed(file):
    fields = json.loads(file.read_text())
    fields["scale"] = 255.0
    file.write_text(json.dumps(fields))


@pytest.mark.parametrize(
    ("name", "harm", "said"),
    [
        ("dataset.json", changed, "dataset.json is damaged"),
        ("dataset.json", lambda file: file.unlink(), "dataset.json"),
        ("train-00003.tfrecord", cut_off, r"train-00003.tfrecord has [\d,]+ bytes, and [\d,]+"),
        ("train-00003.tfrecord", lambda file: file.unlink(), "train-00003.tfrecord is missing"),
        ("train-00003.tfrecord", damaged, "train-00003.tfrecord is damaged.*copy that shard again"),
    ],
)
def test_harm(folder, name, harm, said):
    harm(folder / name)
    with pytest.raises(InputError, match=said):
        rows_of(Stream.from_tfrecords(folder), seed=1)


def test_a_copy_is_the_same_and_other_rows_are_another(folder, tmp_path):
    folder.rename(tmp_path / "moved")
    moved = Stream.from_tfrecords(tmp_path / "moved")
    again = write_tfrecords((X, Y), tmp_path / "again", shards=7)
    other = write_tfrecords(Split(X + 1, Y), tmp_path / "other", shards=7)
    assert Stream.from_tfrecords(again).identity == moved.identity
    assert Stream.from_tfrecords(other).identity != moved.identity
    assert Stream.from_tfrecords(again, shuffle_rows=5).identity != moved.identity
