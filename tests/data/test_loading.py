"""From a name or a path to a dataset."""

import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dnn_tf.data import ImageFormat, load, located
from dnn_tf.types import InputError


@pytest.fixture
def nothing_there(monkeypatch, tmp_path):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DNN_TF_OFFLINE", "1")


def test_sample(sample):
    assert [len(split) for split in sample.splits().values()] == [4500, 500, 1000]
    assert sample.train.x.dtype == np.float32
    assert (sample.train.x.min(), sample.train.x.max()) == (0, 1)
    assert sample.train.y.dtype == np.int64
    assert "bundled sample" in sample.source
    assert sample.class_names == tuple("0123456789")
    assert sample.image_format.dark_background is True


def test_images_keep_their_shape_if_asked(sample):
    images = load("mnist-sample", flat=False)
    assert images.test.x.shape == (1000, 28, 28, 1)
    np.testing.assert_array_equal(images.test.x.reshape(1000, -1), sample.test.x)


@pytest.mark.usefixtures("nothing_there")
def test_mnist_out_of_reach_is_the_sample_with_one_warning():
    with pytest.warns(UserWarning, match="TFDS mnist is not in") as warned:
        data = load("mnist")
    assert len(warned) == 1
    assert "Meanwhile the bundled sample of MNIST" in str(warned[0].message)
    assert "set TFDS_DATA_DIR" in str(warned[0].message)
    assert "bundled sample" in data.source


def test_without_a_network_it_says_so_within_five_seconds(monkeypatch, tmp_path):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DNN_TF_OFFLINE", raising=False)
    monkeypatch.setattr("requests.head", lambda *_, **__: time.sleep(60))
    began = time.monotonic()
    with pytest.warns(UserWarning, match="no answer within 3 s"):
        load("mnist")
    assert time.monotonic() - began < 5  # the promise itself, not a measure of speed


@pytest.mark.usefixtures("nothing_there")
def test_by_its_own_name_it_is_strict():
    with pytest.raises(InputError, match="TFDS mnist is not in"):
        load("tfds:mnist")


@pytest.mark.parametrize("name", ["mnis", "tfds:", "csv:mnist", "", "pets.csv", "a\0b", "x" * 5000])
def test_unknown_name(name):
    words = "no file or folder: take mnist, mnist-sample, or tfds:NAME, .* the path of a .csv"
    with pytest.raises(InputError, match=words):
        load(name)


@pytest.fixture
def things(tmp_path, monkeypatch):
    """A file of each kind with three classes, and a folder of images."""
    x, y = np.arange(60, dtype="uint8").reshape(30, 2), np.arange(30) % 3
    rows = "".join(f"{a},{b},{c}\n" for (a, b), c in zip(x, y, strict=True))
    (tmp_path / "pets.csv").write_text(f"a,b,label\n{rows}")
    (tmp_path / "PETS.CSV").write_text(f"a,b,kind\n{rows}")
    np.savez(tmp_path / "pets.npz", x=x.reshape(30, 1, 2), y=y)
    for number, kind in enumerate(y):
        (tmp_path / "pets" / str(kind)).mkdir(parents=True, exist_ok=True)
        Image.fromarray(x[number].reshape(1, 2)).save(tmp_path / f"pets/{kind}/{number}.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("where", ["pets.csv", "pets.npz", "pets", "./pets/"])
@pytest.mark.parametrize("kind", [str, Path])
@pytest.mark.usefixtures("things")
def test_a_path(where, kind):
    data = load(kind(where))
    assert [split.x.shape for split in data.splits().values()] == [(21, 2), (3, 2), (6, 2)]
    assert data.class_names == ("0", "1", "2")
    assert data.source.startswith(str(Path(where)))
    assert load(where, seed=1).test.x.tolist() != data.test.x.tolist()


@pytest.mark.usefixtures("things")
def test_options_reach_their_reader():
    assert load("PETS.CSV", label="kind").n_classes == 3
    assert load("pets", size=4).train.x.shape == (21, 16)
    assert load("pets", flat=False).train.x.shape == (21, 1, 2, 1)
    assert load("pets.npz", flat=False).train.x.shape == (21, 1, 2, 1)
    wanted = ImageFormat(3, 3, 3, flat=False)
    assert load("pets", image_format=wanted).image_format is wanted
    assert load("pets.npz", image_format=wanted).train.x.shape == (21, 3, 3, 3)


@pytest.mark.parametrize(
    ("where", "options", "words"),
    [
        ("mnist-sample", {"label": "kind"}, "mnist-sample takes no label, and got 'kind'"),
        ("tfds:mnist", {"size": 8}, "tfds:mnist takes no size, and got 8: leave it out"),
        ("pets.csv", {"size": 8}, "pets.csv takes no size"),
        ("pets.npz", {"size": 8}, "pets.npz takes no size"),
        ("pets.npz", {"label": "y"}, "pets.npz takes no label"),
        ("pets", {"label": "y"}, "pets takes no label"),
        ("pets", {"size": 8, "image_format": ImageFormat(8, 8)}, "with an image_format takes no s"),
        ("mnist-sample", {"seed": -1}, "seed is a whole number, 0 or more, and got -1"),
    ],
)
@pytest.mark.usefixtures("things")
def test_an_option_without_a_meaning_is_refused(where, options, words):
    with pytest.raises(InputError, match=words):
        load(where, **options)


def test_images_of_every_source_are_fitted_to_a_network(things):
    wanted = ImageFormat(3, 4, 3, flat=False, dark_background=False)
    for where in ("pets", "pets.npz"):
        data = load(where, image_format=wanted)
        assert data.image_format is wanted
        assert data.test.x.shape == (6, 3, 4, 3)
        assert "30 images as 3 x 4 colour, all inverted to dark on light; 10% for" in data.source
    folder, archive = (load(where, image_format=wanted) for where in ("pets", "pets.npz"))
    assert rows_of(folder) == rows_of(archive)
    wanted = ImageFormat(20, 16, 3, flat=False, dark_background=False)
    data = load("mnist-sample", image_format=wanted)
    assert data.train.x.shape == (4500, 20, 16, 3)
    assert data.source.endswith("6,000 images as 20 x 16 colour, all inverted to dark on light")


def rows_of(data):
    """All rows with their classes, in an order that the draw does not change."""
    return sorted((row.tolist(), y) for split in data.splits().values()
                  for row, y in zip(split.x, split.y, strict=True))  # fmt: skip


def test_images_that_fit_stay_as_they_are(sample):
    data = load("mnist-sample", image_format=sample.image_format)
    np.testing.assert_array_equal(data.train.x, sample.train.x)
    assert data.source == sample.source


def test_a_set_of_tfds_is_fitted(monkeypatch):
    monkeypatch.setattr("dnn_tf.data.tfds.read", lambda _: made_up([0, 1, 2] * 10, [0, 1]))
    data = load("tfds:made_up", image_format=ImageFormat(2, 2, 3, dark_background=False))
    assert [split.x.shape for split in data.splits().values()] == [(27, 12), (3, 12), (2, 12)]
    assert data.source == (
        "TFDS made_up/1.0.0, 32 images as 2 x 2 colour, all inverted to dark on light"
    )


def test_features_that_are_no_images_are_only_reshaped(things):
    np.savez(things / "numbers.npz", x=np.eye(30).reshape(30, 5, 6), y=np.arange(30) % 3)
    for where, size in {"numbers.npz": (5, 6), "pets.csv": (1, 2)}.items():
        for flat in (True, False):
            wanted = ImageFormat(*size, flat=flat)
            data = load(where, image_format=wanted)
            assert data.image_format is None
            assert data.train.x.shape == (21, *wanted.feature_shape)
            np.testing.assert_array_equal(data.train.x.reshape(21, -1), load(where).train.x)


@pytest.mark.parametrize("where", ["numbers.npz", "pets.csv"])
def test_features_of_no_image_of_that_format_are_refused(things, where):
    np.savez(things / "numbers.npz", x=np.eye(30).reshape(30, 5, 6), y=np.arange(30) % 3)
    with pytest.raises(InputError, match=f"{where} .*a sample has .* takes images of 14 x 14 gr"):
        load(where, image_format=ImageFormat(14, 14))


@pytest.mark.parametrize("image_format", ["28", (28, 28), {"height": 28}, ImageFormat])
@pytest.mark.parametrize("where", ["mnist-sample", "pets", "pets.npz", "pets.csv"])
@pytest.mark.usefixtures("things")
def test_no_image_format(where, image_format):
    with pytest.raises(InputError, match="image_format is an ImageFormat, as in .*and got"):
        load(where, image_format=image_format)


def test_the_background_of_a_set_is_that_of_all_its_splits(monkeypatch):
    arrays, *rest = made_up([0, 1, 2] * 200, [0, 1] * 50)
    arrays["test_images"][:10] = 255
    monkeypatch.setattr("dnn_tf.data.tfds.read", lambda _: (dict(arrays), *rest))
    trained_on = load("tfds:made_up")
    assert trained_on.image_format.dark_background is None
    dark = ImageFormat(4, 4, dark_background=True)
    assert load("tfds:made_up", image_format=dark).test.x.max() == 0
    arrays["test_images"][:4] = 0
    assert load("tfds:made_up").image_format.dark_background is True
    data = load("tfds:made_up", image_format=dark)
    assert (data.test.x[:, 0] == 1).sum() == 6
    assert "inverted" not in data.source


@pytest.mark.parametrize("where", ["pets", "pets.npz", "pets.csv"])
def test_all_rows_without_splits(things, where):
    data = load(where, splits=False)
    assert list(data.splits()) == ["train"]
    assert len(data.train) == 30
    assert data.source.endswith("all rows)")
    assert rows_of(data) == rows_of(load(where))


def test_a_named_set_without_splits(sample):
    data = load("mnist-sample", splits=False)
    assert len(data.train) == 6000
    np.testing.assert_array_equal(data.train.x[-1000:], sample.test.x)


@pytest.mark.parametrize("where", ["one", "one.npz", "named.npz", "one.csv"])
def test_one_row_can_be_measured(things, where):
    image = np.zeros((1, 2, 2), "uint8")
    (things / "one" / "7").mkdir(parents=True)
    Image.fromarray(image[0]).save(things / "one" / "7" / "0.png")
    np.savez(things / "one.npz", x=image, y=[7])
    np.savez(things / "named.npz", x=image, y=[1], class_names=np.array(["3", "7", "8"]))
    (things / "one.csv").write_text("a,b,label\n0,0,7\n")
    data = load(where, splits=False)
    assert (data.class_names, data.train.y.tolist()) == (("7",), [0])
    with pytest.raises(InputError):
        load(where)


def test_what_is_neither_name_nor_path():
    with pytest.raises(InputError, match="where is a name or a path, and got 5: take mnist"):
        load(5)


def test_a_name_comes_before_a_path(things):
    (things / "pets").rename(things / "mnist-sample")
    assert "bundled sample" in load("mnist-sample").source
    for path in ("./mnist-sample", Path("mnist-sample")):
        assert "30 images" in load(path).source


@pytest.mark.parametrize("name", ["mnist", "mnist-sample", "tfds:pets"])
def test_a_name_is_the_same_everywhere(things, name):
    (things / "pets").rename(things / name)
    assert located(name) == name
    for path in (f"./{name}", Path(name)):
        assert located(path) == str(things / name)


@pytest.mark.parametrize("where", ["pets.csv", "pets.npz", "pets", "./pets/", "pets/../pets.npz"])
@pytest.mark.parametrize("kind", [str, Path])
def test_a_path_is_the_same_from_any_folder(things, where, kind, monkeypatch):
    found = located(kind(where))
    expected = load(kind(where))
    monkeypatch.chdir(things.parent)
    np.testing.assert_array_equal(load(found).train.x, expected.train.x)
    assert located(found) == found
    assert load(found).source.startswith(str(things))


@pytest.mark.parametrize("where", ["mnis", "tfds:", "", "gone.csv", "a\0b", "x" * 5000])
def test_what_is_nowhere_stays_as_it_is(where):
    assert located(where) == where


@pytest.mark.usefixtures("things")
def test_a_path_that_is_not_there_becomes_no_name():
    for path in (Path("mnist"), Path("tfds:mnist")):
        with pytest.raises(InputError, match="no file or folder"):
            load(located(path))


def test_what_is_neither_is_located_nowhere():
    with pytest.raises(InputError, match="where is a name or a path, and got 5: take mnist"):
        located(5)


def test_an_ending_that_says_nothing(tmp_path):
    (tmp_path / "pets.txt").write_text("a,label")
    with pytest.raises(InputError, match=r"pets\.txt is no dataset by its ending: take mnist, mn"):
        load(tmp_path / "pets.txt")


def made_up(labels, test_labels):
    """What `tfds.read` answers."""
    arrays = {}
    for split, y in (("train", labels), ("test", test_labels)):
        arrays[f"{split}_images"] = np.zeros((len(y), 4, 4, 1), "uint8")
        arrays[f"{split}_labels"] = np.array(y)
    return arrays, ("a", "b", "c"), "TFDS made_up/1.0.0"


@pytest.mark.parametrize(
    ("labels", "test_labels", "words"),
    [
        ([0, 1, 2] * 10, [0, -1], r"test: y\[1\] is -1 .*from 0 to 2"),
        ([0, 1, 3] * 10, [0], r"train: y\[2\] is 3"),
        ([0, 1] * 10, [0], r'train: class 2 \("c"\) has no training example'),
        ([0, 1, 2] * 10, [], "test: x has no rows"),
        ([], [0], "train: x has no rows"),
    ],
)
def test_a_set_of_tfds_that_cannot_be_used(monkeypatch, labels, test_labels, words):
    monkeypatch.setattr("dnn_tf.data.tfds.read", lambda _: made_up(labels, test_labels))
    with pytest.raises(InputError, match=words):
        load("tfds:made_up")


@pytest.mark.full_mnist
def test_full_mnist(full_mnist):
    assert [len(split) for split in full_mnist.splits().values()] == [55_000, 5_000, 10_000]
    assert full_mnist.source == "TFDS mnist/3.0.1"
    assert full_mnist.train.x.mean() == pytest.approx(0.1307, abs=1e-3)  # the well-known mean
