"""The card."""

import json

import pytest

from dnn_tf.data import ImageFormat
from dnn_tf.saving import Card, read_card
from dnn_tf.types import InputError

CARD = Card(("零", "one"), "somewhere", ImageFormat(2, 3, 1), {"epochs": 3}, {"accuracy": 0.5}, 7)


def test_round_trip():
    assert Card.from_json(CARD.to_json()) == CARD
    plain = Card(("a",), "b")
    assert Card.from_json(plain.to_json()) == plain


def test_people_can_read_it():
    assert "零" in CARD.to_json()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "assets.extra").mkdir()
    (tmp_path / "assets.extra" / "card.json").write_text(CARD.to_json(), encoding="utf-8")
    return tmp_path


def test_read(folder):
    assert read_card(folder) == CARD


def test_no_folder(tmp_path):
    with pytest.raises(InputError, match="gone: no such folder"):
        read_card(tmp_path / "gone")


def test_another_folder(tmp_path):
    with pytest.raises(InputError, match=r"not a model saved by dnn_tf\.save"):
        read_card(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        "null",
        "[" * 100_000,
        CARD.to_json().replace('"height": 2', '"height": "2"'),
        CARD.to_json().replace('"channels": 1', '"channels": 7'),
        CARD.to_json().replace('"scale": 255.0', '"scale": 0'),
        CARD.to_json().replace('"one"', "1"),
        json.dumps({"format": 99}),
        CARD.to_json().replace('"height"', '"hight"'),
        CARD.to_json().replace('"source"', '"sauce"'),
    ],
)
def test_damaged(folder, text):
    (folder / "assets.extra" / "card.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"card\.json: the card is damaged"):
        read_card(folder)
