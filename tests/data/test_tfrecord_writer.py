"""Shards of any data."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.data import Dataset, ImageFormat, Split, Stream, write_tfrecords
from dnn_tf.types import InputError


@pytest.fixture
def digits(sample):
    few = Split(sample.train.x[:300], sample.train.y[:300])
    test = Split(sample.test.x[:50], sample.test.y[:50])
    return Dataset(few, test=test, class_names=sample.class_names, image_format=sample.image_format)


def test_pixels_are_bytes_on_the_disk_and_the_same_floats_after(digits, tmp_path):
    folder = write_tfrecords(digits, tmp_path / "digits", shards=3)
    files = sorted(file.name for file in folder.glob("*.tfrecord"))
    assert files == [*(f"test-{n:05d}.tfrecord" for n in range(3))] + [
        f"train-{n:05d}.tfrecord" for n in range(3)
    ]
    assert sum(file.stat().st_size for file in folder.iterdir()) < 1.1 * 350 * (784 + 8)
    train, test = (Stream.from_tfrecords(folder, name) for name in ("train", "test"))
    assert (train.class_names, train.image_format) == (digits.class_names, digits.image_format)
    np.testing.assert_array_equal(test.in_memory().x, digits.test.x)  # in their order
    order = np.random.default_rng(42).permutation(300)
    np.testing.assert_array_equal(train.in_memory().x, digits.train.x[order])
    np.testing.assert_array_equal(train.in_memory().y, digits.train.y[order])
    assert train.raw_dtype == "uint8"


def test_features_that_are_no_pixels_keep_their_floats(digits, tmp_path):
    digits.test.x[3, 5] = 0.123
    folder = write_tfrecords(digits, tmp_path / "digits")
    test = Stream.from_tfrecords(folder, "test")
    assert test.scale is None
    np.testing.assert_array_equal(test.in_memory().x, digits.test.x)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float16", "float32", "float64", "bool"])
@pytest.mark.parametrize("y_shape", [(), (2,)])
def test_numbers_keep_their_type(dtype, y_shape, tmp_path):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 2, (40, 3, 2)).astype(dtype)
    y = rng.normal(size=(40, *y_shape)).astype("float32")
    rows = Stream.from_tfrecords(write_tfrecords(Split(x, y), tmp_path / "rows")).in_memory()
    assert (rows.x.dtype, rows.y.dtype) == (x.dtype, y.dtype)
    order = np.random.default_rng(42).permutation(40)
    np.testing.assert_array_equal(rows.x, x[order])
    np.testing.assert_array_equal(rows.y, y[order])


def test_a_record_is_an_example(tmp_path):
    x, y = np.eye(4, dtype="float32"), np.arange(4)
    folder = write_tfrecords((x, y), tmp_path / "rows")
    (record,) = tf.data.TFRecordDataset(str(folder / "train-00000.tfrecord"))
    feature = tf.train.Example.FromString(record.numpy()).features.feature
    order = np.random.default_rng(42).permutation(4)
    assert feature["x"].bytes_list.value[0] == x[order].tobytes()
    assert feature["y"].bytes_list.value[0] == order.tobytes()


def test_a_stream_whose_rows_nobody_has_counted(tmp_path):
    def rows():
        for number in range(100):
            yield np.full(2, number, "float32"), number % 3

    stream = Stream.from_generator(rows, shuffle_rows=20)
    folder = write_tfrecords(stream, tmp_path / "rows")
    written = Stream.from_tfrecords(folder)
    assert len(written) == 100
    expected = np.concatenate([x for x, _ in stream.read(30, seed=42)])
    np.testing.assert_array_equal(written.in_memory().x, expected)


def test_images_are_written_as_bytes(write_photos, tmp_path):
    photos = write_photos(tmp_path / "photos", n=4)
    stream = Stream.from_image_folder(photos, ImageFormat(6, 5, 3))
    written = Stream.from_tfrecords(write_tfrecords(stream, tmp_path / "shards"))
    assert (written.raw_dtype, written.x_shape, written.scale) == ("uint8", (90,), 255)
    assert written.class_names == stream.class_names
    expected = np.concatenate([x for x, _ in stream.read(12, seed=42)])
    np.testing.assert_array_equal(written.in_memory().x, expected)


def test_refused(tmp_path):
    rows = np.eye(4), np.arange(4)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    for folder, words, said in (
        ("full", {}, "holds something already: name a new folder"),
        ("new", {"shards": 0}, "shards"),
        ("new", {"seed": -1}, "seed"),
    ):
        with pytest.raises(InputError, match=said):
            write_tfrecords(rows, tmp_path / folder, **words)
    with pytest.raises(InputError, match="a Dataset, a Split, a Stream or arrays"):
        write_tfrecords(np.eye(4), tmp_path / "new")
    with pytest.raises(InputError, match=r"x\[1, 1\] is nan"):
        write_tfrecords((np.diag([1, np.nan]), np.arange(2)), tmp_path / "new")
    with pytest.raises(InputError, match="one layout was expected"):
        write_tfrecords(
            Dataset(Split(*rows), Split(rows[0].astype("uint8"), rows[1])), tmp_path / "new"
        )
    assert not (tmp_path / "new").exists()


def test_a_source_that_fails_leaves_nothing(tmp_path):
    def rows():
        yield np.zeros(2), 0
        yield np.zeros(3), 0

    with pytest.raises(InputError, match="row 1"):
        write_tfrecords(Stream.from_generator(rows), tmp_path / "rows")
    assert list(tmp_path.iterdir()) == []


def test_the_same_rows_are_the_same_bytes(digits, tmp_path):
    """In every process: protocol buffers write a map in an order of their own, unless told."""
    folder = write_tfrecords(digits, tmp_path / "digits")
    for shard in folder.glob("*.tfrecord*"):
        for record in tf.data.TFRecordDataset([str(shard)]):
            example = tf.train.Example.FromString(record.numpy())
            assert record.numpy() == example.SerializeToString(deterministic=True)
