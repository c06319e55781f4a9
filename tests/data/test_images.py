"""From pixels to features."""

import numpy as np
import pytest

from dnn_tf.data import ImageFormat
from dnn_tf.data.images import has_dark_border
from dnn_tf.types import InputError

MNIST = ImageFormat(28, 28, 1, dark_background=True)


@pytest.fixture
def digit(sample):
    """The first test digit, as pixels."""
    return np.uint8(sample.test.x[0].reshape(28, 28) * 255)


def test_features_by_hand():
    pixels = np.array([[[[0], [51]], [[102], [255]]]], "uint8")
    flat = ImageFormat(2, 2).features(pixels)
    assert flat.dtype == np.float32
    np.testing.assert_allclose(flat, [[0, 0.2, 0.4, 1]], rtol=1e-7)
    assert ImageFormat(2, 2, flat=False).features(pixels).shape == (1, 2, 2, 1)


def test_other_shape_is_refused():
    with pytest.raises(InputError, match=r"\(32, 32, 3\) arrived, and \(28, 28, 1\)"):
        MNIST.features(np.zeros((1, 32, 32, 3), "uint8"))


def test_images_is_the_way_back(digit):
    features = MNIST.features(digit[None, ..., None])
    np.testing.assert_allclose(MNIST.images(features)[0] * 255, digit, atol=1e-4)
    colour = ImageFormat(2, 2, 3)
    assert colour.images(np.zeros((5, 12))).shape == (5, 2, 2, 3)


@pytest.mark.parametrize(("shade", "dark"), [(0, True), (255, False)])
def test_background_is_judged_by_the_border(shade, dark):
    images = np.full((3, 8, 8, 1), shade, "uint8")
    images[:, 2:6, 2:6] = 255 - shade
    assert ImageFormat.of(images).dark_background is dark


@pytest.mark.parametrize(
    ("ground", "ink", "dark"),
    [
        (240, 20, False),
        (110, 30, False),  # paper in a dim room
        (70, 10, False),
        (0, 255, True),
        (150, 255, True),  # chalk in the sun
        (100, 110, True),  # nothing drawn
        (140, 130, False),
    ],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_background_is_dark_beside_what_is_drawn_on_it(ground, ink, dark, channels):
    images = np.full((1, 8, 8, channels), ground, "uint8")
    images[:, 3:5, 3:5] = ink
    assert has_dark_border(images).tolist() == [dark]


def test_an_unclear_background_is_none():
    images = np.zeros((200, 8, 8, 3), "uint8")
    images[:2] = 255
    assert ImageFormat.of(images).dark_background is True  # 99 in 100
    images[2] = 255
    assert ImageFormat.of(images).dark_background is None
    assert ImageFormat.of(255 - images[3:]).dark_background is False
    assert ImageFormat.of(images[:0]).dark_background is None


def test_the_background_is_judged_by_images_from_all_over():
    images = np.zeros((3000, 4, 4, 1), "uint8")
    images[2000:] = 255  # class after class, as a folder is read
    assert ImageFormat.of(images).dark_background is None


def test_the_background_is_that_of_all_splits_and_of_every_image():
    night, paper = np.zeros((2000, 4, 4, 1), "uint8"), np.full((21, 4, 4, 1), 255, "uint8")
    assert ImageFormat.of(night, paper[:20]).dark_background is True
    assert ImageFormat.of(night, paper).dark_background is None
    odd = np.zeros((1100, 4, 4, 1), "uint8")
    odd[1::80] = 255  # 14, all in odd rows
    assert ImageFormat.of(odd).dark_background is None


def test_only_the_outermost_ring_counts():
    """The limit that the docstring states: frames are to be cropped."""
    framed = np.full((1, 28, 28, 1), 255, "uint8")
    framed[:, 10:18, 10:18] = 0
    assert has_dark_border(framed).tolist() == [False]
    framed[:, :3] = framed[:, -3:] = framed[:, :, :3] = framed[:, :, -3:] = 0
    assert has_dark_border(framed).tolist() == [True]
    assert has_dark_border(framed[:, 3:-3, 3:-3]).tolist() == [False]


@pytest.mark.parametrize(
    "sizes",
    [
        (0, 28),
        ("28", 28),
        (10**6, 5),
        (28, 28, 2),
        (28, 28, 1.0),
        (28, 28, True),
        (28, 28, 1, True, 0.0),
        (28, 28, 1, True, True),
        (28, 28, 1, "no"),
        (28, 28, 1, True, 255.0, 1),
        (28, 28, 1, True, 255.0, "dark"),
    ],
)
def test_formats_that_no_image_has(sizes):
    with pytest.raises(InputError, match="and got"):
        ImageFormat(*sizes)
