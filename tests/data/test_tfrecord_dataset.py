"""Shards as a dataset."""

import numpy as np
import pytest

from dnn_tf.data import Dataset, ImageFormat, Split, Stream, load, memory, write_tfrecords
from dnn_tf.types import InputError

RNG = np.random.default_rng(0)


def images(n):
    pixels = RNG.integers(0, 256, (n, 4, 3, 1), "uint8")
    return Split(ImageFormat(4, 3).features(pixels), np.arange(n) % 2)


@pytest.fixture
def data():
    return Dataset(
        images(40), images(10), images(20), ("a", "b"), "dots", image_format=ImageFormat(4, 3)
    )


@pytest.fixture
def folder(data, tmp_path):
    return write_tfrecords(data, tmp_path / "shards")


def test_the_training_rows_are_a_stream(data, folder):
    loaded = load(folder)
    assert isinstance(loaded.train, Stream)
    assert (len(loaded.train), loaded.class_names) == (40, ("a", "b"))
    assert loaded.source == f"{folder} (TFRecord shards of dots)"
    for name in ("validation", "test"):
        np.testing.assert_array_equal(getattr(loaded, name).x, getattr(data, name).x)
        np.testing.assert_array_equal(getattr(loaded, name).y, getattr(data, name).y)


def test_images_keep_their_shape_if_asked(folder):
    for loaded in (
        load(folder, flat=False),
        load(folder, image_format=ImageFormat(4, 3, flat=False)),
    ):
        assert loaded.train.x_shape == loaded.test.x_shape == (4, 3, 1)
    with pytest.raises(InputError, match="holds rows as they were written"):
        load(folder, image_format=ImageFormat(5, 3))


def test_rows_that_are_no_images(tmp_path):
    folder = write_tfrecords((np.ones((6, 2, 2)), np.arange(6)), tmp_path / "rows")
    assert load(folder).train.x_shape == (4,)
    assert load(folder, flat=False).train.x_shape == (2, 2)


def test_only_to_measure(folder):
    loaded = load(folder, splits=False)
    assert (loaded.train.x.shape, loaded.validation) == ((70, 12), None)


def test_more_than_memory_holds(folder, monkeypatch):
    monkeypatch.setattr(memory, "machine_memory", lambda: 30 * 12 * 4 - 1)
    with pytest.raises(InputError, match="held in memory: .* write fewer of them"):
        load(folder)


def test_what_it_takes_no_notice_of(folder):
    for words in ({"label": "a"}, {"size": 3}):
        with pytest.raises(InputError, match="leave it out"):
            load(folder, **words)
