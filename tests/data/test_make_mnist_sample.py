"""The sample is what its script draws."""

import numpy as np
import pytest

from dnn_tf.data import sample, tfds
from dnn_tf.data.make_mnist_sample import draw


def made_up(n):
    labels = np.arange(n) % 10
    return {
        "train_images": np.arange(n),
        "train_labels": labels,
        "test_images": np.arange(n),
        "test_labels": labels,
    }


def test_draws_as_many_of_each_class_in_every_ten():
    drawn = draw(made_up(8000))
    assert len(drawn["train_labels"]) == 5000
    assert (np.sort(drawn["test_labels"].reshape(-1, 10)) == np.arange(10)).all()
    np.testing.assert_array_equal(drawn["train_images"] % 10, drawn["train_labels"])


@pytest.mark.full_mnist
def test_the_bundled_file_is_this_draw_of_the_official_splits(full_mnist):
    full, _, _ = tfds.read("mnist")
    for name, array in draw(full).items():
        np.testing.assert_array_equal(sample.read()[name], array)
