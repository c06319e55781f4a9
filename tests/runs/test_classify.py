"""Image files."""

import keras
import numpy as np
import pytest
from PIL import Image

import dnn_tf
from dnn_tf.data import Dataset, ImageFormat, Split
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


def test_one_logit_of_two_classes(tmp_path):
    """Its logit is the mean of the pixels, less a half, times 4."""
    x = keras.Input((64,))
    dense = keras.layers.Dense(1)
    network = keras.Model(x, dense(x))
    dense.set_weights([np.full((64, 1), 4 / 64), np.array([-2.0])])
    rows = Split(np.eye(64)[:2], [0, 1])
    data = Dataset(rows, class_names=("night", "day"), image_format=ImageFormat(8, 8))
    folder = dnn_tf.save(network, tmp_path / "m", data=data)
    for shade in (0, 255):
        Image.new("L", (8, 8), shade).save(tmp_path / f"{shade}.png")
    night, day = classify_files(folder, [tmp_path / "0.png", tmp_path / "255.png"])
    assert (night.class_name, day.class_name) == ("night", "day")
    expected = pytest.approx(1 / (1 + np.exp(-2)))
    assert night.probability == expected
    assert day.probability == expected


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
