"""Image files."""

import numpy as np
import pytest
from PIL import Image

import dnn_tf
from dnn_tf.runs import classify_files
from dnn_tf.types import InputError


@pytest.fixture
def files(sample, tmp_path):
    """Twenty test digits as PNGs; the odd ones large, black on white, and in colour."""
    for number in range(20):
        pixels = np.uint8(np.round(sample.test.x[number].reshape(28, 28) * 255))
        image = Image.fromarray(pixels)
        if number % 2:
            image = Image.fromarray(255 - pixels).convert("RGB").resize((200, 200))
        image.save(tmp_path / f"{number}.png")
    return [tmp_path / f"{number}.png" for number in range(20)]


def test_reads_what_the_network_reads(saved, sample, files):
    predictions = classify_files(saved, files)
    classes = dnn_tf.load(saved)(sample.test.x[:20]).numpy().argmax(axis=1)
    found = [prediction.class_name for prediction in predictions]
    assert found[::2] == [str(c) for c in classes[::2]]
    agree = np.mean([a == str(b) for a, b in zip(found[1::2], classes[1::2], strict=True)])
    assert agree >= 0.8
    assert [prediction.inverted for prediction in predictions] == [False, True] * 10
    assert all(0.1 <= prediction.probability <= 1 for prediction in predictions)
    assert predictions[3].file == str(files[3])


def test_no_files(saved):
    with pytest.raises(InputError, match="name one image file"):
        classify_files(saved, [])


def test_a_network_that_does_not_say_what_it_saw(saved, files, tmp_path):
    dnn_tf.save(dnn_tf.load(saved), tmp_path / "m")
    with pytest.warns(UserWarning, match="28 x 28 grey with pixels from 0 to 1 is assumed"):
        predictions = classify_files(tmp_path / "m", files[::2])
    assert predictions == classify_files(saved, files[::2])


def test_a_network_that_saw_no_images(small_model, files, tmp_path):
    dnn_tf.save(small_model, tmp_path / "m")
    with pytest.raises(InputError, match="was not trained on images"):
        classify_files(tmp_path / "m", files)
