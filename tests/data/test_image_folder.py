"""Folders of images: read in order, or refused by file."""

import os

import numpy as np
import pytest
from PIL import Image

from dnn_tf.data import ImageFormat, image_folder, load
from dnn_tf.types import InputError

RNG = np.random.default_rng(0)


def save(file, height=8, width=8, colour=False, pixels=None):
    file.parent.mkdir(parents=True, exist_ok=True)
    shape = (height, width, 3) if colour else (height, width)
    Image.fromarray(RNG.integers(0, 256, shape, "uint8") if pixels is None else pixels).save(file)


@pytest.fixture
def pets(tmp_path):
    """Ten grey images, 8 x 8, of cats and of dogs."""
    for name in ("dog", "cat"):
        for number in range(10):
            save(tmp_path / "pets" / name / f"{number}.png")
    return tmp_path / "pets"


def test_a_class_a_folder(pets):
    (pets / ".DS_Store").write_text("")
    (pets / "cat" / ".hidden.txt").write_text("")
    (pets / "cat" / "Thumbs.db").write_text("")
    (pets / "__MACOSX").mkdir()
    (pets / "dog" / "Icon\r").write_text("")
    (pets / "readme.md").write_text("no image, and not among them")
    data = image_folder.read(pets)
    assert data.class_names == ("cat", "dog")
    assert [len(split) for split in data.splits().values()] == [14, 2, 4]
    assert [np.bincount(split.y).tolist() for split in data.splits().values()] == [
        [7, 7], [1, 1], [2, 2],
    ]  # fmt: skip
    assert data.image_format.image_shape == (8, 8, 1)
    assert data.train.x.shape == (14, 64)
    assert "pets (20 images as 8 x 8 grey; 10% for validation and 20% for test" in data.source


def test_the_pixels_are_those_of_the_files(pets):
    data = image_folder.read(pets, flat=False)
    found = {image.tobytes() for split in data.splits().values() for image in split.x}
    for file in pets.rglob("*.png"):
        pixels = np.asarray(Image.open(file)).astype("float32") / np.float32(255)
        assert pixels.tobytes() in found


def test_the_same_folder_gives_the_same_arrays(pets):
    one, same, other = (image_folder.read(pets, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.train.x, same.train.x)
    assert one.test.x.tolist() != other.test.x.tolist()


def test_one_coloured_image_makes_all_colour(pets):
    save(pets / "cat" / "new.png", colour=True)
    data = image_folder.read(pets)
    assert data.image_format.channels == 3
    assert data.train.x.shape[1] == 8 * 8 * 3
    assert "21 images as 8 x 8 colour" in data.source


def test_grey_saved_as_colour_is_grey(pets):
    for file in pets.rglob("*.png"):
        Image.open(file).convert("RGB").save(file)
    assert image_folder.read(pets).image_format.channels == 1


@pytest.mark.parametrize("validation", [None, "val", "validation"])
def test_splits_above_the_classes(pets, tmp_path, validation):
    top = tmp_path / "top"
    top.mkdir()
    pets.rename(top / "train")
    for name, n in {"test": 2, validation: 3}.items():
        for number in range(n if name else 0):
            save(top / name / "cat" / f"{number}.png")
            save(top / name / "dog" / f"{number}.png")
    data = image_folder.read(top)
    lengths = [len(split) for split in data.splits().values()]
    assert lengths == ([20, 6, 4] if validation else [18, 2, 4])
    assert data.class_names == ("cat", "dog")


def test_a_class_may_be_called_test(pets):
    (pets / "dog").rename(pets / "test")
    assert image_folder.read(pets).class_names == ("cat", "test")


@pytest.mark.parametrize(
    ("sizes", "asked", "expected"),
    [
        ([(8, 8)] * 3, None, (8, 8)),
        ([(8, 8)] * 3, 4, (4, 4)),
        ([(8, 8)] * 3, (4, 6), (4, 6)),
        ([(10, 20), (12, 20), (40, 30)], None, (12, 20)),
        ([(300, 600), (400, 800), (400, 800)], None, (32, 64)),
        ([(100, 100)] * 3, None, (100, 100)),
        ([(300, 600)] * 3, None, (128, 256)),
    ],
)
def test_one_size_for_all(tmp_path, sizes, asked, expected):
    for name in ("a", "b"):
        for number, (height, width) in enumerate(sizes):
            save(tmp_path / name / f"{number}.png", height, width)
    image_format = image_folder.read(tmp_path, size=asked).image_format
    assert (image_format.height, image_format.width) == expected


def test_a_photo_is_as_large_as_one_sees_it(tmp_path):
    exif = Image.Exif()
    exif[274] = 6
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(3):
            image = Image.new("L", (20, 10))
            image.save(tmp_path / name / f"{number}.jpg", exif=exif)
    image_format = image_folder.read(tmp_path).image_format
    assert (image_format.height, image_format.width) == (20, 10)


def test_as_a_trained_network_expects(pets):
    image_format = ImageFormat(4, 5, 3, flat=False, dark_background=True)
    paper = np.full((8, 8), 255, "uint8")
    paper[2:6, 2:6] = 0
    for file in pets.rglob("*.png"):
        save(file, pixels=paper)
    data = image_folder.read(pets, image_format=image_format)
    assert data.image_format is image_format
    assert data.train.x.shape == (14, 4, 5, 3)
    assert data.train.x[:, 0, 0].max() == 0  # inverted, as for a prediction


def test_how_many_were_inverted_is_told(pets):
    light, dark = np.full((8, 8), 255, "uint8"), np.zeros((8, 8), "uint8")
    for number, file in enumerate(sorted(pets.rglob("*.png"))):
        save(file, pixels=light if number < 7 else dark)
    data = image_folder.read(pets, image_format=ImageFormat(4, 4, dark_background=True))
    assert "pets (20 images as 4 x 4 grey, 7 of them inverted to light on dark; 10" in data.source
    assert all(split.x.max() == 0 for split in data.splits().values())


def light_on_dark(pets, n_light, n):
    """`n` images of a class, `n_light` of them on a light ground; and the same as arrays."""
    night = np.zeros((8, 8), "uint8")
    night[2:6, 2:6] = 255
    images = np.stack([255 - night if row < n_light else night for row in range(n)])
    for row, image in enumerate(images):
        save(pets / ("cat", "dog")[row % 2] / f"{row:03}.png", pixels=image)
    np.savez(pets.parent / "pets.npz", x=images, y=np.array(["cat", "dog"] * (n // 2)))


@pytest.mark.parametrize(("n_light", "n_inverted"), [(2, 0), (3, 3), (200, 200)])
def test_a_folder_and_an_archive_are_inverted_alike(tmp_path, n_light, n_inverted):
    light_on_dark(tmp_path / "pets", n_light, 200)
    dark = ImageFormat(8, 8, dark_background=True)
    folder, archive = (load(tmp_path / name, image_format=dark) for name in ("pets", "pets.npz"))
    for data in (folder, archive):
        x = np.concatenate([split.x for split in data.splits().values()])
        assert (x[:, 0] == 1).sum() == n_light - n_inverted
        words = "all" if n_inverted == 200 else f"{n_inverted} of them"
        assert (f"{words} inverted to light on dark" in data.source) == (n_inverted > 0)


@pytest.mark.parametrize("name", ["pets", "pets.npz"])
@pytest.mark.parametrize("n_light", [2, 3, 198])
def test_fitted_to_the_network_that_was_trained_on_it(tmp_path, name, n_light):
    light_on_dark(tmp_path / "pets", n_light, 200)
    trained_on = load(tmp_path / name)
    again = load(tmp_path / name, image_format=trained_on.image_format)
    np.testing.assert_array_equal(again.train.x, trained_on.train.x)
    assert "inverted" not in again.source


def test_one_name_composed_in_two_ways_is_one_class(pets):
    into_splits(pets)
    (pets / "train" / "cat").rename(pets / "train" / "chat\u00e9")
    for number in range(2):
        save(pets / "test" / "chate\u0301" / f"{number}.png")
    data = image_folder.read(pets)
    assert data.class_names == ("chat\u00e9", "dog")
    assert data.test.y.tolist() == [0, 0]


def test_the_first_file_that_is_wrong_is_named(pets):
    for file, words in {
        "cat/2.txt": "not an image",
        "cat/3.png": "not an image",
        "dog/1.png": r"the file is empty \(0 bytes\)",
    }.items():
        before = (pets / file).read_bytes() if (pets / file).exists() else None
        (pets / file).write_text("" if "empty" in words else "hello")
        with pytest.raises(InputError, match=f"{file}: {words}"):
            image_folder.read(pets)
        (pets / file).unlink()
        if before:
            (pets / file).write_bytes(before)


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_truncated_image_is_named(pets, suffix):
    file = pets / "dog" / f"4x.{suffix}"
    save(file, 64, 64)
    file.write_bytes(file.read_bytes()[:1500])
    with pytest.raises(InputError, match=rf"4x\.{suffix}: the image cannot be read"):
        image_folder.read(pets)


def test_a_decompression_bomb_is_refused(pets, monkeypatch):
    for limit in (50, 20):  # Pillow warns above the limit, and refuses above twice
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
        with pytest.raises(InputError, match=r"cat/0\.png: too large an image"):
            image_folder.read(pets)


def more(pets, *parts):
    for part in parts:
        save(pets / part)


def alone(pets, keep):
    for file in list(pets.rglob("*.png")):
        if keep not in str(file):
            file.unlink()
    for folder in list(pets.iterdir()):
        if not any(folder.iterdir()):
            folder.rmdir()


def into_splits(pets):
    for name in ("dog", "cat"):
        (pets / "train").mkdir(exist_ok=True)
        (pets / name).rename(pets / "train" / name)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda pets: (pets / "emu").mkdir(), "emu: a class without images"),
        (lambda pets: more(pets, "9.png"), r"pets/9\.png: an image outside the folders"),
        (lambda pets: more(pets, "cat/old/9.png"), "cat/old: a folder inside the folder of"),
        (lambda pets: alone(pets, "dog"), "two classes or more were expected, and there is 'dog'"),
        (lambda pets: alone(pets, "nothing"), "pets: a folder for each class was expected"),
        (lambda pets: more(pets, "emu/0.png", "emu/1.png"), "too few rows of class 'emu': 2"),
        (lambda pets: (into_splits(pets), more(pets, "test/emu/0.png")),
         "test/emu: no class of that name is in .*train"),
        (lambda pets: (into_splits(pets), more(pets, "train/0.png")),
         r"train/0\.png: an image outside"),
        (lambda pets: (into_splits(pets), (pets / "test").mkdir()),
         "test: a folder for each class was expected"),
        (lambda pets: (into_splits(pets), more(pets, "val/cat/0.png", "validation/cat/0.png")),
         "the folders val and validation mean the same"),
    ],
)  # fmt: skip
def test_folders_that_are_wrong(pets, change, words):
    change(pets)
    with pytest.raises(InputError, match=words):
        image_folder.read(pets)


@pytest.mark.parametrize("name", [b"\xff", b"a\nb", b"a\x1bb", b"a\xc2\x85b", b"a\xe2\x80\xa8b"])
@pytest.mark.parametrize("place", [".", "emu"])
def test_a_name_that_cannot_be_printed(pets, name, place):
    name = os.fsdecode(name)
    more(pets, "emu/0.png", "emu/1.png", "emu/2.png")
    (pets / "emu" / "0.png").rename(pets / "emu" / f"{name}.png")
    if place == ".":
        (pets / "emu").rename(pets / name)
    with pytest.raises(InputError, match="the name .* is not UTF-8, or holds control") as caught:
        image_folder.read(pets)
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith(f"{pets / place}: the name {name!r}"[:-1])


def test_a_name_in_any_language(pets):
    (pets / "dog").rename(pets / "собака\u202fйти\u200cέλ")
    assert image_folder.read(pets).class_names[1].startswith("собака")


@pytest.mark.parametrize("size", [0, -3, 2.5, (4, 4, 4), "32"])
def test_a_size_that_is_none(pets, size):
    with pytest.raises(InputError, match="size is a"):
        image_folder.read(pets, size=size)


def test_a_folder_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match=r"gone cannot be read \(No such file"):
        image_folder.read(tmp_path / "gone")


def test_more_than_the_machine_holds(pets, monkeypatch):
    monkeypatch.setattr("dnn_tf.data.memory.machine_memory", lambda: 1000)
    with pytest.raises(InputError, match="20 images of 8 x 8: .* needed.*give a smaller size"):
        image_folder.read(pets)
