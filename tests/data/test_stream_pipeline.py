"""The stages between a source and the steps."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.data.stream_pipeline import as_features, mixed, steady, without_first


def blocks(n=50, size=7):
    rows = np.arange(n)
    return tf.data.Dataset.from_tensor_slices((rows[:, None].astype("uint8"), rows)).batch(size)


def rows_of(dataset):
    return np.concatenate([y for _, y in dataset.as_numpy_iterator()])


@pytest.mark.parametrize("left_out", [0, 1, 7, 20, 49])
def test_without_the_first_rows(left_out):
    left = without_first(blocks(), left_out)
    np.testing.assert_array_equal(rows_of(left), np.arange(left_out, 50))
    assert all(len(y) for _, y in left.as_numpy_iterator())


def test_every_pool_is_mixed_by_itself():
    order = rows_of(mixed(blocks(), 20, seed=3, first_pool=0))
    for first in (0, 20, 40):
        pool = order[first : first + 20]
        assert sorted(pool) == list(range(first, min(first + 20, 50)))
        assert list(pool) != sorted(pool)
    np.testing.assert_array_equal(order, rows_of(mixed(blocks(size=11), 20, 3, 0)))
    assert list(order) != list(rows_of(mixed(blocks(), 20, 4, 0)))


def test_a_pool_has_its_order_wherever_one_begins():
    whole = rows_of(mixed(blocks(), 20, seed=3, first_pool=0))
    later = rows_of(mixed(without_first(blocks(), 20), 20, seed=3, first_pool=1))
    np.testing.assert_array_equal(whole[20:], later)


def test_an_order_is_the_same_everywhere():
    """These numbers were drawn once; a training that goes on elsewhere draws them again."""
    assert rows_of(mixed(blocks(8), 8, seed=2**61, first_pool=0)).tolist() == EXPECTED


EXPECTED = [2, 6, 4, 7, 5, 3, 1, 0]


def test_features_are_those_of_numpy_to_the_bit():
    pixels = np.arange(256, dtype="uint8").reshape(-1, 4)
    dataset = tf.data.Dataset.from_tensors((pixels, np.zeros(64)))
    for x, _ in steady(as_features(dataset, 255.0, (2, 2)), 1).as_numpy_iterator():
        np.testing.assert_array_equal(x, pixels.reshape(-1, 2, 2) / np.float32(255))
        assert x.dtype == np.float32


def test_features_as_they_are():
    dataset = blocks()
    assert as_features(dataset, None, (1,)) is dataset
    assert as_features(dataset, None, (1, 1)).element_spec[0].shape[1:] == (1, 1)
