"""A network and a card that belong together."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.data import ImageFormat
from dnn_tf.runs.opening import assumed_format, load_for, open_network, open_saved
from dnn_tf.saving import Card, loading
from dnn_tf.saving.contents import CARD
from dnn_tf.storage import seal
from dnn_tf.storage.sealing import read_seal, read_sealed
from dnn_tf.types import InputError


def test_opens(saved, sample):
    model, card = open_saved(saved)
    assert model.name == "dnn"
    assert card.class_names == sample.class_names


@pytest.mark.parametrize(
    "changes", [{"class_names": ["a", "b"]}, {"image_format": {"height": 5, "width": 5}}]
)
def test_a_card_of_another_network(tmp_path, changes):
    folder = dnn_tf.save(dnn_tf.models.dnn(4, (), 3), tmp_path / "m")
    fields, _ = read_seal(folder, CARD)
    seal(folder, CARD, fields | changes)
    with pytest.raises(InputError, match="save the model again"):
        open_saved(folder)


def test_one_logit_has_two_classes(tmp_path):
    perceptron = dnn_tf.models.perceptron(4)
    folder = dnn_tf.save(perceptron, tmp_path / "m")
    perceptron.save(tmp_path / "m.keras")
    for path in (folder, tmp_path / "m.keras"):
        assert open_network(path)[1].class_names == ("0", "1")
    fields, _ = read_seal(folder, CARD)
    seal(folder, CARD, fields | {"class_names": ["0"]})
    with pytest.raises(InputError, match="the card speaks of 1 classes .* save the model again"):
        open_saved(folder)


def test_every_file_is_read_once(saved, monkeypatch):
    read = []

    def counting(folder, name, expected):
        read.append(name)
        return read_sealed(folder, name, expected)

    monkeypatch.setattr(loading, "read_sealed", counting)
    open_saved(saved)
    assert read == ["saved_model.pb", "assets.extra/model.keras"]


def test_a_folder_is_a_network(saved):
    assert open_network(saved)[1] == open_saved(saved)[1]


def test_a_keras_file_has_classes_without_names(tmp_path):
    made = dnn_tf.models.dnn(784, (5,), 3)
    made.save(tmp_path / "a.keras")
    model, card = open_network(tmp_path / "a.keras")
    assert card == Card(("0", "1", "2"), source="")
    x = np.ones((2, 784), "float32")
    np.testing.assert_array_equal(model(x), made(x))


def test_a_keras_file_that_does_not_classify(tmp_path):
    x = keras.Input((8, 8, 1))
    keras.Model(x, keras.layers.Conv2D(2, 3)(x)).save(tmp_path / "a.keras")
    with pytest.raises(InputError, match=r"a.keras: its outputs have the shape \(None, 6, 6, 2\)"):
        open_network(tmp_path / "a.keras")
    y = keras.Input((2,))
    keras.Model([y, y], [y, y]).save(tmp_path / "b.keras")
    with pytest.raises(InputError, match="has not one input and one output"):
        open_network(tmp_path / "b.keras")


def test_no_such_network(tmp_path):
    for name, words in {"a.keras": "cannot be read", "a": "no such folder"}.items():
        with pytest.raises(InputError, match=words):
            open_network(tmp_path / name)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((784,), ImageFormat(28, 28)),
        ((3072,), ImageFormat(32, 32, 3)),
        ((64,), ImageFormat(8, 8)),
        ((28, 20, 1), ImageFormat(28, 20, 1, flat=False)),
        ((28, 20, 3), ImageFormat(28, 20, 3, flat=False)),
        ((49,), None),  # features, more likely than 7 x 7 pixels
        ((785,), None),
        ((28, 20, 4), None),
        ((28, 28), None),
        ((None, None, 3), None),
    ],
)
def test_the_format_of_images_by_the_input(shape, expected):
    x = keras.Input(shape)
    model = keras.Model(x, x)
    assert assumed_format(model, Card(("a", "b"), source="")) == expected
    assert assumed_format(model, Card(("a", "b"), source="iris.csv")) is None


def test_images_are_fitted_with_a_warning_where_the_card_tells_nothing():
    model, card = dnn_tf.models.dnn(100, (), 10), Card(tuple("0123456789"), source="")
    with pytest.warns(UserWarning, match="the network does not say what images") as warned:
        data = load_for(model, card, "mnist-sample")
    assert len(warned) == 1
    assert data.train.x.shape == (4500, 100)
    assert data.image_format == ImageFormat(10, 10)


def test_other_features_need_no_warning(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.eye(100)[:12], y=np.arange(12) % 2)
    model, card = dnn_tf.models.dnn(100, (), 2), Card(("0", "1"), source="")
    data = load_for(model, card, tmp_path / "a.npz", seed=1, splits=False)
    assert len(data.train) == 12
    assert data.image_format is None


def test_images_are_fitted_as_the_card_tells(saved, sample, tmp_path):
    np.savez(tmp_path / "a.npz", x=np.full((12, 9, 9, 3), 255, "uint8"), y=np.arange(12) % 2)
    data = load_for(*open_saved(saved), tmp_path / "a.npz")
    assert data.image_format == sample.image_format
    assert "12 images as 28 x 28 grey, all inverted to light on dark" in data.source
