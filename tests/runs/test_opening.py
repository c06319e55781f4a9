"""A network and a card that belong together."""

import pytest

import dnn_tf
from dnn_tf.runs.opening import open_saved
from dnn_tf.saving import loading
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


def test_every_file_is_read_once(saved, monkeypatch):
    read = []

    def counting(folder, name, expected):
        read.append(name)
        return read_sealed(folder, name, expected)

    monkeypatch.setattr(loading, "read_sealed", counting)
    open_saved(saved)
    assert read == ["saved_model.pb", "assets.extra/model.keras"]
