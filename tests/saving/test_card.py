"""The card."""

import json
from dataclasses import asdict

import pytest

from dnn_tf.data import ImageFormat
from dnn_tf.saving import Card, read_card
from dnn_tf.saving.card import read_listed, write_card
from dnn_tf.storage import seal
from dnn_tf.types import InputError

CARD = Card(("零", "one"), "somewhere", ImageFormat(2, 3, 1), {"epochs": 3}, {"accuracy": 0.5}, 7)
FILE = "assets.extra/card.json"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "assets.extra").mkdir()
    (tmp_path / "assets.extra" / "model.keras").write_bytes(b"abc")
    (tmp_path / "saved_model.pb").write_bytes(b"def")
    write_card(tmp_path, CARD)
    return tmp_path


def fields_of(card):
    return json.loads(json.dumps(asdict(card)))


@pytest.mark.parametrize("card", [CARD, Card(("a",), "b")])
def test_round_trip(card):
    assert Card.from_fields(fields_of(card)) == card


def test_people_can_read_it(folder):
    assert "零" in (folder / FILE).read_text(encoding="utf-8")


def test_read(folder):
    assert read_card(folder) == CARD


def test_it_lists_every_file(folder):
    card, listed = read_listed(folder)
    assert card == CARD
    assert listed == {
        "assets.extra/model.keras": (
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        ),
        "saved_model.pb": "cb8379ac2098aa165029e3938a51da0bcecfc008fd6795f401178647f96c5b34",
    }


def test_no_folder(tmp_path):
    with pytest.raises(InputError, match="gone: no such folder"):
        read_card(tmp_path / "gone")


def test_another_folder(tmp_path):
    with pytest.raises(InputError, match=r"not a model saved by dnn_tf\.save"):
        read_card(tmp_path)


def test_files_beside_it_are_looked_at(folder):
    (folder / "note.txt").write_text("hello")
    with pytest.raises(InputError, match=r"holds 'note\.txt', which dnn_tf\.save does not write"):
        read_card(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"image_format": {"height": "2", "width": 3}},
        {"image_format": {"height": 2, "width": 3, "channels": 7}},
        {"image_format": {"height": 2, "width": 3, "scale": 0}},
        {"image_format": {"hight": 2, "width": 3}},
        {"image_format": 3},
        {"class_names": ["a", 1]},
        {"class_names": None},
        {"sauce": "x"},
    ],
    ids=str,
)
def test_a_card_that_is_none(folder, changes):
    seal(folder, FILE, {"format": 2, **asdict(CARD), **changes})
    with pytest.raises(InputError, match=r"card\.json: the card is damaged"):
        read_card(folder)


@pytest.mark.parametrize("name", ["class_names", "source", "image_format"])
def test_a_card_without(folder, name):
    fields = {"format": 2, **asdict(CARD)}
    del fields[name]
    seal(folder, FILE, fields)
    with pytest.raises(InputError, match=r"card\.json: the card is damaged"):
        read_card(folder)


@pytest.mark.parametrize("text", ["{", "[]", "{}", "null", "[" * 100_000, '{"format": 2}'])
def test_damaged(folder, text):
    (folder / FILE).write_text(text)
    with pytest.raises(InputError, match=r"card\.json is damaged: it is not as it was written"):
        read_card(folder)


def test_one_letter_changed(folder):
    text = (folder / FILE).read_text(encoding="utf-8")
    (folder / FILE).write_text(text.replace("somewhere", "somewherf"), encoding="utf-8")
    with pytest.raises(InputError, match="is not as it was written"):
        read_card(folder)


def test_the_format_without_checksums_says_so(folder):
    (folder / FILE).write_text(json.dumps({"format": 1, **asdict(CARD)}))
    with pytest.raises(InputError, match=r"format 1, which knows no checksums, and format 2 was"):
        read_card(folder)


def test_a_later_format_says_so(folder):
    seal(folder, FILE, {"format": 3, "new": "words"})
    with pytest.raises(InputError, match="has format 3, and 2 was expected"):
        read_card(folder)
