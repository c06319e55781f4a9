"""Images of any size, as those that a network was trained on."""

import numpy as np
import pytest
from PIL import Image

from dnn_tf.data import ImageFormat, Split, read_images
from dnn_tf.data.fitting import fit_images, fit_splits, match_background, told
from dnn_tf.types import InputError

RNG = np.random.default_rng(0)
FORMAT = ImageFormat(6, 5, 1, dark_background=True)


def framed(*shades, channels=1):
    """8 x 8 images with borders of these shades, and noise inside."""
    images = RNG.integers(0, 256, (len(shades), 8, 8, channels), "uint8")
    for image, shade in zip(images, shades, strict=True):
        image[[0, 1, -2, -1]] = image[:, [0, 1, -2, -1]] = shade
    return images


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("wanted", [1, 3])
@pytest.mark.parametrize("dark", [None, True, False])
def test_the_same_as_from_files(tmp_path, channels, wanted, dark):
    images = framed(0, 255, 30, 200, channels=channels)
    files = [tmp_path / f"{row}.png" for row in range(len(images))]
    for file, image in zip(files, images, strict=True):
        Image.fromarray(image[..., 0] if channels == 1 else image).save(file)
    image_format = ImageFormat(6, 5, wanted, dark_background=dark)
    pixels, inverted = fit_images(images, image_format)
    from_files, inverted_files = read_images(files, image_format)
    np.testing.assert_array_equal(pixels, from_files)
    assert inverted.tolist() == inverted_files
    assert any(inverted_files) == (dark is not None)


@pytest.mark.parametrize(
    ("shades", "dark"),
    [((0, 0), True), ((255, 255), False), ((0, 255), None), ((0,) * 199 + (255,), True)],
    ids=["dark", "light", "any", "dark as a whole"],
)
def test_what_fits_stays_the_same_array(shades, dark):
    images = framed(*shades)
    fitted, inverted = fit_images(images, ImageFormat(8, 8, dark_background=dark))
    assert fitted is images
    assert not inverted.any()


def test_the_given_images_are_left_alone():
    images = framed(0, 255, 255)
    before = images.copy()
    fitted, inverted = match_background(images, dark=True)
    np.testing.assert_array_equal(images, before)
    np.testing.assert_array_equal(fitted, np.stack([before[0], *(255 - before[1:])]))
    assert inverted.tolist() == [False, True, True]


def test_all_splits_are_fitted_and_told():
    splits = {"train": Split(framed(0, 255), [0, 1]), "test": Split(framed(255), [1])}
    fitted, remark = fit_splits(splits, FORMAT)
    assert [split.x.shape for split in fitted.values()] == [(2, 6, 5, 1), (1, 6, 5, 1)]
    assert fitted["test"].y is splits["test"].y
    assert remark == "3 images as 6 x 5 grey, 2 of them inverted to light on dark"
    assert fit_splits(fitted, FORMAT)[1] == ""


@pytest.mark.parametrize(
    ("n", "n_inverted", "dark", "words"),
    [
        (1, 0, True, "1 image as 6 x 5 colour"),
        (1200, 0, None, "1,200 images as 6 x 5 colour"),
        (
            1200,
            1100,
            False,
            "1,200 images as 6 x 5 colour, 1,100 of them inverted to dark on light",
        ),
        (2, 2, True, "2 images as 6 x 5 colour, all inverted to light on dark"),
    ],
)
def test_what_is_told(n, n_inverted, dark, words):
    assert told(n, ImageFormat(6, 5, 3, dark_background=dark), n_inverted) == words


def test_no_images():
    assert fit_images(np.zeros((0, 8, 8, 1), "uint8"), FORMAT)[0].shape == (0, 6, 5, 1)


def test_more_than_the_machine_holds(monkeypatch):
    monkeypatch.setattr("dnn_tf.data.memory.machine_memory", lambda: 200)
    with pytest.raises(InputError, match="2 images of 6 x 5: .* GB of memory are needed"):
        fit_images(framed(0, 0), FORMAT)
