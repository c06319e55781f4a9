"""From a name to a dataset."""

import time

import numpy as np
import pytest

from dnn_tf.data import load
from dnn_tf.types import InputError


@pytest.fixture
def nothing_there(monkeypatch, tmp_path):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DNN_TF_OFFLINE", "1")


def test_sample(sample):
    assert [len(split) for split in sample.splits().values()] == [4500, 500, 1000]
    assert sample.train.x.dtype == np.float32
    assert (sample.train.x.min(), sample.train.x.max()) == (0, 1)
    assert sample.train.y.dtype == np.int64
    assert "bundled sample" in sample.source
    assert sample.class_names == tuple("0123456789")
    assert sample.image_format.dark_background is True


def test_images_keep_their_shape_if_asked(sample):
    images = load("mnist-sample", flat=False)
    assert images.test.x.shape == (1000, 28, 28, 1)
    np.testing.assert_array_equal(images.test.x.reshape(1000, -1), sample.test.x)


@pytest.mark.usefixtures("nothing_there")
def test_mnist_out_of_reach_is_the_sample_with_one_warning():
    with pytest.warns(UserWarning, match="TFDS mnist is not in") as warned:
        data = load("mnist")
    assert len(warned) == 1
    assert "Meanwhile the bundled sample of MNIST" in str(warned[0].message)
    assert "set TFDS_DATA_DIR" in str(warned[0].message)
    assert "bundled sample" in data.source


def test_without_a_network_it_says_so_within_five_seconds(monkeypatch, tmp_path):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DNN_TF_OFFLINE", raising=False)
    monkeypatch.setattr("requests.head", lambda *_, **__: time.sleep(60))
    began = time.monotonic()
    with pytest.warns(UserWarning, match="no answer within 3 s"):
        load("mnist")
    assert time.monotonic() - began < 5  # the promise itself, not a measure of speed


@pytest.mark.usefixtures("nothing_there")
def test_by_its_own_name_it_is_strict():
    with pytest.raises(InputError, match="TFDS mnist is not in"):
        load("tfds:mnist")


@pytest.mark.parametrize("name", ["mnis", "tfds:", "csv:mnist", ""])
def test_unknown_name(name):
    with pytest.raises(InputError, match="take mnist, mnist-sample, or tfds:NAME"):
        load(name)


@pytest.mark.full_mnist
def test_full_mnist(full_mnist):
    assert [len(split) for split in full_mnist.splits().values()] == [55_000, 5_000, 10_000]
    assert full_mnist.source == "TFDS mnist/3.0.1"
    assert full_mnist.train.x.mean() == pytest.approx(0.1307, abs=1e-3)  # the well-known mean
