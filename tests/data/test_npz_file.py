"""Arrays in a file: taken as they are, or refused by key and row."""

import io
import zipfile

import numpy as np
import pytest

from dnn_tf.data import ImageFormat, npz_file
from dnn_tf.types import InputError

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(30, 4)), np.arange(30) % 3
IMAGES = RNG.integers(0, 256, (30, 5, 6), "uint8")


@pytest.fixture
def read(tmp_path):
    def read(flat=True, seed=42, **arrays):
        np.savez(tmp_path / "a.npz", **arrays)
        return npz_file.read(tmp_path / "a.npz", flat, seed)

    return read


def test_two_arrays_are_split(read):
    data = read(x=X, y=Y)
    assert [len(split) for split in data.splits().values()] == [21, 3, 6]
    assert data.train.x.dtype == np.float32
    assert data.train.y.dtype == np.int64
    assert data.class_names == ("0", "1", "2")
    assert data.image_format is None
    assert "a.npz (10% for validation and 20% for test drawn" in data.source
    rows = np.concatenate([split.x for split in data.splits().values()])
    assert {tuple(row) for row in rows} == {tuple(row) for row in X.astype("float32")}


@pytest.mark.parametrize("validation", ["val", "validation"])
def test_given_splits_stay(read, validation):
    arrays = {
        f"{a}_{s}": v for s in ("train", validation, "test") for a, v in {"x": X, "y": Y}.items()
    }
    data = read(**arrays, unrelated=np.array("note"))
    for split in data.splits().values():
        np.testing.assert_array_equal(split.x, X.astype("float32"))
        np.testing.assert_array_equal(split.y, Y)
    assert data.source.endswith("a.npz (splits as given)")


def test_validation_comes_out_of_training_where_it_is_missing(read):
    data = read(x_train=X, y_train=Y, x_test=X[:5], y_test=Y[:5])
    assert [len(split) for split in data.splits().values()] == [27, 3, 5]


@pytest.mark.parametrize("shape", [(30, 5, 6), (30, 5, 6, 1), (30, 5, 2, 3)])
def test_bytes_are_images(read, shape):
    data = read(x=IMAGES.reshape(shape), y=Y)
    channels = 3 if shape[-1] == 3 else 1
    assert data.image_format.image_shape == (5, 30 // 5 // channels, channels)
    assert data.train.x.shape == (21, 30)
    assert data.train.x.max() <= 1
    images = read(flat=False, x=IMAGES.reshape(shape), y=Y)
    assert images.train.x.shape[1:] == images.image_format.image_shape


@pytest.mark.parametrize(
    "x", [IMAGES / 255, IMAGES.reshape(30, 30), IMAGES.reshape(30, 5, 2, 3, 1)]
)
def test_other_numbers_are_features(read, x):
    data = read(x=x, y=Y)
    assert data.image_format is None
    assert data.train.x.shape == (21, 30)
    assert data.train.x[0].tolist() in x.reshape(30, 30).astype("float32").tolist()
    assert read(flat=False, x=x, y=Y).train.x.shape == (21, *x.shape[1:])


@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("channels", [1, 3])
def test_rows_of_bytes_are_the_pixels_of_a_network(tmp_path, channels, flat):
    images = RNG.integers(0, 255, (30, 5, 4, channels), "uint8")
    images[0] = 254
    wanted = ImageFormat(5, 4, channels, flat=flat)
    np.savez(tmp_path / "rows.npz", x=images.reshape(30, -1), y=Y)
    np.savez(tmp_path / "images.npz", x=images, y=Y)
    rows, as_images = (
        npz_file.read(tmp_path / f"{name}.npz", image_format=wanted) for name in ("rows", "images")
    )
    np.testing.assert_array_equal(rows.train.x, as_images.train.x)
    assert rows.train.x.max() <= 1
    assert rows.image_format is wanted
    colours = "grey" if channels == 1 else "colour"
    assert f"(rows of {20 * channels} bytes as 5 x 4 {colours} pixels; 10% for" in rows.source
    assert " bytes as " not in as_images.source


def test_rows_of_bytes_are_inverted_as_images_are(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.full((30, 20), 255, "uint8"), y=Y)
    data = npz_file.read(tmp_path / "a.npz", image_format=ImageFormat(5, 4, dark_background=True))
    assert data.train.x.max() == 0
    assert "as 5 x 4 grey pixels; 30 images as 5 x 4 grey, all inverted to light on" in data.source


@pytest.mark.parametrize("shape", [(30, 2, 5, 3, 1), (30, 30), (30, 4, 3, 2)])
def test_bytes_that_are_no_images_of_a_network(tmp_path, shape):
    x = np.zeros(shape, "uint8")
    np.savez(tmp_path / "a.npz", x=x, y=Y)
    with pytest.raises(InputError, match=r"a sample has the shape .* images of 5 x 4 grey: give"):
        npz_file.read(tmp_path / "a.npz", image_format=ImageFormat(5, 4))


def test_some_splits_in_bytes(tmp_path):
    x = IMAGES.reshape(30, 30)
    np.savez(tmp_path / "a.npz", x_train=x, y_train=Y, x_test=x / 255, y_test=Y)
    with pytest.raises(
        InputError, match="a.npz: the splits hold train uint8, test float64, and images"
    ):
        npz_file.read(tmp_path / "a.npz", image_format=ImageFormat(5, 6))


def test_names_of_classes(read):
    names = np.array(["a", "b", "c"])
    assert read(x=X, y=Y, class_names=names).class_names == ("a", "b", "c")
    by_text = read(x=X, y=names[Y])
    assert by_text.class_names == ("a", "b", "c")
    turned = read(x=X, y=names[Y], class_names=names[::-1])
    assert turned.class_names == ("c", "b", "a")
    for data in (by_text, turned):
        rows = [X.astype("float32").tolist().index(row) for row in data.train.x.tolist()]
        assert [data.class_names[y] for y in data.train.y] == names[Y][rows].tolist()


def changed(array, row, value):
    array = array.copy()
    array[row] = value
    return array


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"x": X}, "no key 'y', and the file holds x: write x and y in pairs"),
        ({"x": X, "y": Y, "y_test": Y}, "no key 'x_test', and the file holds x, y, y_test"),
        ({"images": X, "labels": Y}, "x_train and y_train, or x and y, were expected, and the file "
         "holds images, labels"),
        ({}, "were expected, and the file holds nothing"),
        ({"x_test": X, "y_test": Y}, "were expected, and the file holds x_test, y_test"),
        ({"x": X, "y": Y, "x_train": X, "y_train": Y}, "x and x_train are both for train"),
        ({"x": X, "y": Y[:29]}, r"train: x has 30 rows and y has the shape \(29,\), so x\[29\]"),
        ({"x": X[:0], "y": Y[:0]}, "train: x has no rows"),
        ({"x": changed(X, (4, 1), np.nan), "y": Y}, r"train: x\[4, 1\] is nan"),
        ({"x": changed(X, (4, 1), 1e39), "y": Y}, r"train: x\[4, 1\] is 1e\+39"),
        ({"x": X.astype("U9"), "y": Y}, "train: x holds <U9"),
        ({"x": X * 1j, "y": Y}, "a.npz, train: x holds complex128, and real numbers were expected"),
        ({"x": X, "y": Y * 1j}, "a.npz, train: y holds complex128, and a whole number"),
        ({"x": X, "y": Y, "class_names": np.array(list("aba"))}, r"a.npz: class_names\[0\] and "
         r"\[2\] are both 'a'"),
        ({"x": X, "y": Y, "class_names": np.array(["a", "b", "\udcff"])}, r"class_names\[2\] is "
         r"'\\udcff', and a name without control characters"),
        ({"x": X, "y": np.array(["a", "b", "c\nd"])[Y]}, r"train: y\[2\] is 'c\\nd', and the name "
         r"of a class was expected \(a, b\)"),
        ({"x": X, "y": Y - 1}, r"train: y\[0\] is -1 \(10 such labels"),
        ({"x": X, "y": Y / 2}, r"train: y\[1\] is 0.5"),
        ({"x": X, "y": changed(Y * 1.0, 5, np.nan)}, r"train: y\[5\] is nan"),
        ({"x": X, "y": np.eye(3)[Y]}, r"train: y has the shape \(30, 3\)"),
        ({"x": X, "y": Y * 2}, "class 1 has no examples, and the labels go up to 4"),
        ({"x": X, "y": Y * 0}, "two classes or more were expected, and there is '0'"),
        ({"x": X, "y": Y, "class_names": np.array(["a", "b"])}, r"train: y\[2\] is 2 .* 0 to 1"),
        ({"x": X, "y": Y, "class_names": np.array(list("abcd"))}, r'train: class 3 \("d"\) has no'),
        ({"x": X, "y": changed(Y.astype("U3"), 7, "nan")}, r"train: y\[7\] is 'nan', and the name"),
        ({"x": X, "y": Y, "x_test": X[:, :3], "y_test": Y}, r"z, test: a sample has the shape \(3"),
        ({"x": X, "y": Y, "x_test": X, "y_test": Y + 1}, r'train: class 3 \("3"\) has no'),
        ({"x": X, "y": Y, "x_test": X, "y_test": Y.astype("U")}, r"test: y holds <U"),
        ({"x": X, "y": Y.astype(object)}, "'y' holds Python objects, which are never loaded"),
        ({"x": X[:7], "y": Y[:7]}, "too few rows of class '1': 2, and at least 3"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(read, arrays, words):
    with pytest.raises(InputError, match=words) as caught:
        read(**arrays)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("damage", ["cut", "flip", "text", "npy"])
def test_a_damaged_file(tmp_path, damage):
    file = tmp_path / "a.npz"
    np.savez(file, x=X, y=Y)
    content = bytearray(file.read_bytes())
    content[400] ^= 1
    npy = io.BytesIO()
    np.save(npy, X)
    damaged = {"cut": content[:700], "flip": content, "text": b"hello", "npy": npy.getvalue()}
    file.write_bytes(damaged[damage])
    words = "cannot be read at 'x' .*damaged" if damage == "flip" else "is no .npz archive"
    with pytest.raises(InputError, match=f"a.npz {words}"):
        npz_file.read(file)


def test_an_archive_of_something_else(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x", "hello")
    with pytest.raises(InputError, match="a.npz"):
        npz_file.read(tmp_path / "a.npz")


def test_more_than_the_machine_holds(tmp_path, monkeypatch):
    monkeypatch.setattr("dnn_tf.data.memory.machine_memory", lambda: 1000)
    np.savez(tmp_path / "a.npz", x=X, y=Y)
    with pytest.raises(InputError, match="a.npz: .* GB of memory are needed"):
        npz_file.read(tmp_path / "a.npz")


def test_a_pickle_is_never_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("the pickle was run",))

    np.savez(tmp_path / "a.npz", x=np.array([Trap()], object), y=Y)
    with pytest.raises(InputError, match="'x' holds Python objects"):
        npz_file.read(tmp_path / "a.npz")
