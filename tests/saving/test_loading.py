"""From a folder or a file to a model."""

import io
import os
from pathlib import Path

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.saving import check_destination, loading, open_artefact, read_card
from dnn_tf.storage import sealing
from dnn_tf.types import InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")

FILES = [
    "assets.extra/card.json",
    "assets.extra/model.keras",
    "fingerprint.pb",
    "saved_model.pb",
    "variables/variables.data-00000-of-00001",
    "variables/variables.index",
]


def test_these_are_the_files(small_model, tmp_path):
    folder = dnn_tf.save(small_model, tmp_path / "m")
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert sorted(files) == FILES


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", ["absent", "cut", "flip", "text"])
def test_damaged(small_model, tmp_path, file, damage):
    folder = dnn_tf.save(small_model, tmp_path / "m")
    content = bytearray((folder / file).read_bytes())
    content[len(content) // 2] ^= 1
    cut = content[: len(content) // 2]
    (folder / file).unlink()
    if damage != "absent":
        (folder / file).write_bytes({"cut": cut, "flip": content, "text": b"hello"}[damage])
    with pytest.raises(InputError, match=r"is damaged|has no assets\.extra/card\.json"):
        dnn_tf.load(folder)


def test_the_graph_is_vetted_too(small_model, tmp_path, monkeypatch):
    folder = dnn_tf.save(small_model, tmp_path / "m")

    def refuse(content, where):
        assert content == (folder / "saved_model.pb").read_bytes()
        raise InputError(f"{where} is refused")

    monkeypatch.setattr(loading, "check_graph", refuse)
    with pytest.raises(InputError, match=r"saved_model\.pb is refused"):
        dnn_tf.load(folder)


def test_a_keras_file_of_somebody_else(small_model, fit_blobs, tmp_path):
    fit_blobs(small_model, epochs=1)
    small_model.save(tmp_path / "m.keras")
    again = dnn_tf.load(tmp_path / "m.keras")
    np.testing.assert_array_equal(again.get_weights()[0], small_model.get_weights()[0])
    assert int(again.optimizer.iterations) == 9
    (tmp_path / "link.keras").symlink_to("m.keras")
    assert dnn_tf.load(str(tmp_path / "link.keras")).name == small_model.name


def test_a_keras_file_is_vetted(tmp_path):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda x: 2 * x)])
    model.save(tmp_path / "m.keras")
    with pytest.raises(InputError, match="Lambda runs Python code out of the file, and is refused"):
        dnn_tf.load(tmp_path / "m.keras")


def test_no_keras_file(small_model, tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"m\.keras cannot be read \(No such file"):
        dnn_tf.load(tmp_path / "m.keras")
    os.mkfifo(tmp_path / "pipe.keras")
    with pytest.raises(InputError, match="is no plain file"):
        dnn_tf.load(tmp_path / "pipe.keras")
    (tmp_path / "text.keras").write_text("hello")
    with pytest.raises(InputError, match="is no Keras file"):
        dnn_tf.load(tmp_path / "text.keras")
    small_model.save(tmp_path / "m.keras")
    monkeypatch.setattr(loading, "LARGEST", 1000)
    with pytest.raises(InputError, match="is not read"):
        dnn_tf.load(tmp_path / "m.keras")


def test_a_folder_may_end_in_keras(small_model, tmp_path):
    assert dnn_tf.load(dnn_tf.save(small_model, tmp_path / "m.keras")).name == small_model.name


def test_replaced_while_it_is_read(small_model, tmp_path, monkeypatch):
    """The card of the old one, and the network of the new one: read again."""
    folder = dnn_tf.save(small_model, tmp_path / "m", measured={"number": 1})
    read = []

    def replaced_at_first(folder, name, expected):
        read.append(name)
        if len(read) == 1:
            dnn_tf.save(small_model, folder, measured={"number": 2})
        return sealing.read_sealed(folder, name, expected)

    monkeypatch.setattr(loading, "read_sealed", replaced_at_first)
    assert open_artefact(folder)[1].metrics == {"number": 2}
    assert len(read) > 2


def test_the_card_comes_along(saved):
    model, card = open_artefact(saved)
    assert card == read_card(saved)
    assert model.output_shape[-1] == len(card.class_names)


def test_quantized_networks_are_refused_by_their_name(tmp_path):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.layers[0].quantize("int8")
    with pytest.raises(InputError, match=r"quantized network: save it before model\.quantize"):
        dnn_tf.save(model, tmp_path / "m")


NO_PATHS = ["a\0", "a\0.keras", io.BytesIO(), 3, b"a"]


@pytest.mark.parametrize("path", NO_PATHS, ids=lambda path: type(path).__name__)
def test_what_is_no_path(small_model, path):
    actions = [dnn_tf.load, read_card, open_artefact, check_destination]
    for act in [*actions, lambda path: dnn_tf.save(small_model, path)]:
        with pytest.raises(InputError, match="was expected|holds a zero byte") as caught:
            act(path)
        assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("name", "file"), [("is_dir", "m"), ("is_file", "m"), ("open", "m.keras"), ("stat", "m.keras")]
)
def test_what_may_not_be_read(small_model, tmp_path, monkeypatch, name, file):
    dnn_tf.save(small_model, tmp_path / "m")
    small_model.save(tmp_path / "m.keras")

    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, name, forbidden)
    with pytest.raises(InputError, match=r"m(\.keras)? cannot be read \(Permission denied\)"):
        dnn_tf.load(tmp_path / file)


def test_no_model_there(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        dnn_tf.load(tmp_path / "mnist")
