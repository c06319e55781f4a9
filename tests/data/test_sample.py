"""The bundled digits."""

import numpy as np

from dnn_tf.data import sample


def test_balanced_and_of_the_promised_size():
    arrays = sample.read()
    assert arrays["train_images"].shape == (5000, 28, 28, 1)
    assert arrays["test_images"].shape == (1000, 28, 28, 1)
    assert np.bincount(arrays["train_labels"]).tolist() == [500] * 10
    assert np.bincount(arrays["test_labels"]).tolist() == [100] * 10
    assert np.bincount(arrays["train_labels"][: sample.VALIDATION]).tolist() == [50] * 10


def test_about_a_megabyte():
    assert sample.FILE.stat().st_size < 1.1e6


def test_no_image_twice():
    arrays = sample.read()
    images = np.concatenate([arrays["train_images"], arrays["test_images"]])
    assert len(np.unique(images.reshape(6000, -1), axis=0)) == 6000
