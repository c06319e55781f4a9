"""Images of any size, as those that a network was trained on."""

import numpy as np
import pytest
from PIL import Image

from dnn_tf.data import Dataset, ImageFormat, Split, read_images
from dnn_tf.data.fitting import fit_features, fit_splits, match_background, told
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
    fitted, remark = fit_splits({"train": Split(images, np.arange(4))}, image_format)
    from_files, inverted = read_images(files, image_format)
    np.testing.assert_array_equal(fitted["train"].x, from_files)
    assert sum(inverted) == (0 if dark is None else 2)
    assert ("2 of them inverted" in remark) == (dark is not None)


@pytest.mark.parametrize(
    ("shades", "dark"),
    [((0, 0), True), ((255, 255), False), ((0, 255), None), ((0,) * 199 + (255,), True)],
    ids=["dark", "light", "any", "dark as a whole"],
)
def test_what_fits_stays_the_same_array(shades, dark):
    images = framed(*shades)
    splits = {"train": Split(images, np.zeros(len(images)))}
    fitted, remark = fit_splits(splits, ImageFormat(8, 8, dark_background=dark))
    assert fitted["train"].x is images
    assert remark == ""


@pytest.mark.parametrize(
    ("n_light", "n_inverted"), [((5, 1, 10), 16), ((4, 0, 10), 0), ((0, 0, 200), 200)]
)
def test_one_decision_for_all_splits(n_light, n_inverted):
    """99 of 100 of all 1,400 are dark, or not, whatever the share in each split is."""
    dark = ImageFormat(8, 8, dark_background=True)
    splits = {
        name: Split(framed(*[255] * light, *[0] * (n - light)), np.zeros(n))
        for name, n, light in zip(("train", "validation", "test"), (1000, 200, 200), n_light,
                                  strict=True)
    }  # fmt: skip
    fitted, remark = fit_splits(splits, dark)
    for name, light in zip(splits, n_light, strict=True):
        changed = (fitted[name].x != splits[name].x).any(axis=(1, 2, 3))
        assert np.flatnonzero(changed).tolist() == (list(range(light)) if n_inverted else [])
    told_so = f"1,400 images as 8 x 8 grey, {n_inverted} of them inverted to light on dark"
    assert remark == (told_so if n_inverted else "")


def test_an_image_in_two_splits_stays_one_image():
    splits = {"train": Split(framed(255, *[0] * 99), np.zeros(100))}
    splits["test"] = Split(np.concatenate([splits["train"].x[:1], framed(255)]), [0, 0])
    fitted, _ = fit_splits(splits, ImageFormat(8, 8, dark_background=True))
    np.testing.assert_array_equal(fitted["train"].x[0], fitted["test"].x[0])
    assert fitted["train"].x[0, 0, 0] == 0


@pytest.mark.parametrize("n_light", [0, 1, 2, 99, 100])
def test_a_network_gets_its_own_set_as_it_was_trained_on_it(n_light):
    images = framed(*[0] * (200 - n_light), *[255] * n_light)
    splits = {"train": Split(images[:80], np.zeros(80)), "test": Split(images[80:], np.zeros(120))}
    trained_on = ImageFormat.of(*(split.x for split in splits.values()))
    fitted, remark = fit_splits(splits, trained_on)
    assert [fitted[name].x is split.x for name, split in splits.items()] == [True, True]
    assert remark == ""


@pytest.mark.parametrize("shape", [(48,), (4, 4, 3)])
def test_features_take_the_shape_of_images(shape):
    data = Dataset(Split(RNG.random((6, *shape)), np.zeros(6)), source="rows")
    for flat in (True, False):
        wanted = ImageFormat(4, 4, 3, flat=flat)
        fitted = fit_features(data, wanted)
        assert fitted.train.x.shape == (6, *wanted.feature_shape)
        np.testing.assert_array_equal(fitted.train.x.ravel(), data.train.x.ravel())
        assert (fitted.test, fitted.image_format, fitted.source) == (None, None, "rows")


@pytest.mark.parametrize("shape", [(4, 4), (16,), (8, 6), (3, 4, 4), (4, 4, 4)])
def test_features_of_no_such_image(shape):
    data = Dataset(Split(np.zeros((6, *shape)), np.zeros(6)), source="rows")
    words = r"^rows: a sample has the shape .*, and the network takes images of 4 x 4 colour: give "
    with pytest.raises(InputError, match=words + r"\(48,\) or \(4, 4, 3\), or images as uint8"):
        fit_features(data, ImageFormat(4, 4, 3))


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
    none = Split(np.zeros((0, 8, 8, 1), "uint8"), np.zeros(0))
    assert fit_splits({"train": none}, FORMAT)[0]["train"].x.shape == (0, 6, 5, 1)


def test_more_than_the_machine_holds(monkeypatch):
    monkeypatch.setattr("dnn_tf.data.memory.machine_memory", lambda: 200)
    with pytest.raises(InputError, match="2 images of 6 x 5: .* GB of memory are needed"):
        fit_splits({"train": Split(framed(0, 0), [0, 1])}, FORMAT)
