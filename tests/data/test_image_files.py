"""From files to pixels."""

import numpy as np
import pytest
from PIL import Image

from dnn_tf.data import ImageFormat, read_images
from dnn_tf.data.image_files import read_image, read_size
from dnn_tf.types import InputError

MNIST = ImageFormat(28, 28, 1, dark_background=True)


@pytest.fixture
def digit(sample):
    """The first test digit, as pixels."""
    return np.uint8(sample.test.x[0].reshape(28, 28) * 255)


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
    ("dtype", "value", "grey"),
    [
        ("uint8", 255, 255),
        ("uint16", 65535, 255),
        ("uint16", 65535 // 2, 127),
        ("uint16", 4095, 255),  # 12 bits
        ("uint16", 200, 200),
        ("uint16", 0, 0),
        ("int32", 65535, 255),
        ("int32", 10**6, 255),
        ("int32", 0, 0),
        ("float32", 1.0, 255),
        ("float32", 0.5, 128),
        ("float32", 200, 200),
        ("float32", -3, 0),
    ],
)
def test_a_blank_page_keeps_its_grey(dtype, value, grey, tmp_path):
    Image.fromarray(np.full((8, 8), value, dtype)).save(tmp_path / "a.tiff")
    assert set(read_image(tmp_path / "a.tiff", 8, 8, 1).ravel()) == {grey}


def test_a_blank_page_of_16_bits_is_that_of_8(tmp_path):
    Image.fromarray(np.full((8, 8), 65535, "uint16")).save(tmp_path / "a.png")
    Image.fromarray(np.full((8, 8), 255, "uint8")).save(tmp_path / "b.png")
    pixels, inverted = read_images([tmp_path / "a.png", tmp_path / "b.png"], MNIST)
    np.testing.assert_array_equal(pixels[0], pixels[1])
    assert inverted == [True, True]


def test_grain_stays_grain(tmp_path):
    grain = np.random.default_rng(0).integers(64500, 65536, (8, 8))
    Image.fromarray(grain.astype("uint16")).save(tmp_path / "a.png")
    assert read_image(tmp_path / "a.png", 8, 8, 1).min() >= 250


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


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_jpeg_is_read_in_draft_and_looks_the_same(orientation, tmp_path):
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 256, (7, 5, 3), "uint8"))
    photo = small.resize((1600, 1200), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[274] = orientation
    photo.save(tmp_path / "a.jpg", exif=exif, quality=95)
    photo.save(tmp_path / "a.png", exif=exif)
    drafted = read_image(tmp_path / "a.jpg", 28, 28, 3).astype(int)
    assert np.abs(drafted - read_image(tmp_path / "a.png", 28, 28, 3)).max() <= 4


def test_a_program_that_draws_is_not_run(tmp_path):
    (tmp_path / "a.png").write_text(
        "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n"
    )
    with pytest.raises(InputError, match=r"a\.png: an EPS drawing; save it as PNG"):
        read_images([tmp_path / "a.png"], MNIST)
