"""A network and a card that belong together."""

import json

import pytest

import dnn_tf
from dnn_tf.runs.opening import open_saved
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
    file = folder / "assets.extra" / "card.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    with pytest.raises(InputError, match="save the model again"):
        open_saved(folder)
