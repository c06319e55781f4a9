"""The bundled sample: real MNIST digits, for where the full set cannot be had."""

from pathlib import Path

import numpy as np

from dnn_tf.data.cache import Arrays

FILE = Path(__file__).with_name("mnist_sample.npz")
"""5,000 training and 1,000 test digits, as many of each class, drawn by `make_mnist_sample.py` from
the official training and test images (LeCun, Cortes & Burges, 1998)."""

SOURCE = "bundled sample of MNIST (5,000 of 60,000 training and 1,000 of 10,000 test images)"

VALIDATION = 500


def read() -> Arrays:
    """`train_images`, `train_labels`, `test_images`, `test_labels`, the images as uint8."""
    with np.load(FILE, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
