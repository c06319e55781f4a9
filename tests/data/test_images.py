"""From pixels to features, from files to pixels."""

import numpy as np
import pytest
from PIL import Image

from dnn_tf.data import ImageFormat, read_images
from dnn_tf.data.images import read_image, read_size
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


def test_png_of_the_right_size_is_read_as_it_is(digit, tmp_path):
    Image.fromarray(digit).save(tmp_path / "a.png")
    pixels, inverted = read_images([tmp_path / "a.png"], MNIST)
    np.testing.assert_array_equal(pixels[0, ..., 0], digit)
    assert inverted == [False]


def grey(digit):
    return Image.fromarray(digit)


def large_colour_jpeg_black_on_white(digit):
    return Image.fromarray(255 - digit).convert("RGB").resize((300, 300))


def palette(digit):
    return Image.fromarray(digit).convert("P")


def sixteen_bits(digit):
    return Image.fromarray(digit.astype("uint16") * 257)


def black_ink_on_nothing(digit):
    ink = Image.new("RGBA", (28, 28), (0, 0, 0, 0))
    ink.putalpha(Image.fromarray(digit))
    return ink


def white_ink_on_nothing(digit):
    ink = Image.new("RGBA", (28, 28), (255, 255, 255, 0))
    ink.putalpha(Image.fromarray(digit))
    return ink


def twelve_bits(digit):
    return Image.fromarray(digit.astype("uint16") * 16)


def floats(digit):
    return Image.fromarray(digit.astype("float32") / 255)


def one_bit(digit):
    return Image.fromarray(digit).convert("1", dither=Image.Dither.NONE)


@pytest.mark.parametrize(
    ("make", "suffix", "flipped"),
    [
        (grey, "png", False),
        (large_colour_jpeg_black_on_white, "jpg", True),
        (palette, "png", False),
        (sixteen_bits, "png", False),
        (black_ink_on_nothing, "png", True),
        (one_bit, "png", False),
        (white_ink_on_nothing, "png", False),
        (twelve_bits, "png", False),
        (floats, "tiff", False),
    ],
)
def test_any_kind_of_file_comes_out_alike(make, suffix, flipped, digit, tmp_path):
    file = tmp_path / f"a.{suffix}"
    make(digit).save(file)
    pixels, inverted = read_images([file], MNIST)
    assert pixels.shape == (1, 28, 28, 1)
    assert pixels.dtype == np.uint8
    assert inverted == [flipped]
    assert np.abs(pixels[0, ..., 0].astype(float) - digit).mean() < 12


def test_unknown_background_is_left_alone(digit, tmp_path):
    Image.fromarray(255 - digit).save(tmp_path / "a.png")
    pixels, inverted = read_images([tmp_path / "a.png"], ImageFormat(28, 28))
    np.testing.assert_array_equal(pixels[0, ..., 0], 255 - digit)
    assert inverted == [False]


def test_a_photo_is_turned_as_its_camera_says(digit, tmp_path):
    exif = Image.Exif()
    exif[274] = 6  # turn by 270 degrees to see it upright
    Image.fromarray(np.rot90(digit).copy()).save(tmp_path / "a.png", exif=exif)
    pixels, _ = read_images([tmp_path / "a.png"], MNIST)
    np.testing.assert_array_equal(pixels[0, ..., 0], digit)


def test_a_pixel_that_is_no_number(digit, tmp_path):
    pixels = digit.astype("float32")
    pixels[3, 4] = np.nan
    Image.fromarray(pixels).save(tmp_path / "e.tiff")
    with pytest.raises(InputError, match=r"e\.tiff: a pixel is NaN or infinite"):
        read_images([tmp_path / "e.tiff"], MNIST)


@pytest.mark.parametrize(
    "sizes", [(0, 28), ("28", 28), (10**6, 5), (28, 28, 2), (28, 28, 1, True, 0.0)]
)
def test_formats_that_no_image_has(sizes):
    with pytest.raises(InputError, match="and got"):
        ImageFormat(*sizes)


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match=r"b\.png: no such file"):
        read_images([tmp_path / "b.png"], MNIST)


def test_text_among_the_images(tmp_path):
    (tmp_path / "c.png").write_text("hello")
    with pytest.raises(InputError, match=r"c\.png: not an image"):
        read_images([tmp_path / "c.png"], MNIST)


def test_an_empty_file(tmp_path):
    (tmp_path / "c.png").touch()
    with pytest.raises(InputError, match=r"c\.png: the file is empty \(0 bytes\)"):
        read_images([tmp_path / "c.png"], MNIST)


def test_more_pixels_than_an_image_has(digit, tmp_path, monkeypatch):
    Image.fromarray(digit).save(tmp_path / "c.png")
    for limit in (700, 300):  # Pillow warns above the limit, and refuses above twice
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
        with pytest.raises(InputError, match=r"c\.png: too large an image .*fewer pixels"):
            read_images([tmp_path / "c.png"], MNIST)


def test_size_from_the_first_bytes(digit, tmp_path):
    file = tmp_path / "a.png"
    Image.fromarray(digit[:20]).save(file)
    assert read_size(file) == (20, 28)
    exif = Image.Exif()
    for orientation, size in {1: (20, 28), 3: (20, 28), 6: (28, 20), 8: (28, 20)}.items():
        exif[274] = orientation
        Image.fromarray(digit[:20]).save(tmp_path / "a.jpg", exif=exif)
        assert read_size(tmp_path / "a.jpg") == size
        assert read_image(tmp_path / "a.jpg", *size, 1).shape == (*size, 1)


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_cut_off_file(suffix, tmp_path):
    file = tmp_path / f"d.{suffix}"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64), "uint8")).save(file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(InputError, match=rf"d\.{suffix}: the image cannot be read"):
        read_images([file], MNIST)
