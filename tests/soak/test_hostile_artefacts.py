"""Hostile artefacts are refused, and the canary would have told."""

import contextlib

import keras
import pytest
import tensorflow as tf

from dnn_tf.saving.contents import MODEL
from soak.artefact_kit import make_artefact
from soak.hostile_artefacts import HOSTILE, run, watched
from soak.hostile_networks import lambda_layer, savedmodel_layer


def test_all_of_them(tmp_path):
    refused, loaded = run(tmp_path / "all")
    assert refused == len(HOSTILE) >= 120
    assert loaded >= 27


def test_without_the_vetting_a_lambda_writes_into_the_canary(tmp_path):
    """The control: what is refused would have run."""
    canary = tmp_path / "canary.txt"
    canary.write_text("alive")
    folder = make_artefact(tmp_path / "m")
    lambda_layer(folder, canary)
    with (
        pytest.raises(AssertionError, match="was touched"),
        watched(canary),
        contextlib.suppress(ValueError),  # its weights do not fit; by then it has run
    ):
        keras.saving.load_model(folder / MODEL, safe_mode=False)
    assert "lambda" in canary.read_text()


def test_without_the_vetting_a_savedmodel_writes_into_the_canary(tmp_path):
    canary = tmp_path / "canary.txt"
    canary.write_text("alive")
    savedmodel_layer(make_artefact(tmp_path / "m"), canary)
    loaded = tf.saved_model.load(str(tmp_path / "m outside"))
    loaded.signatures["serving_default"](x=tf.zeros((1, 6)))
    assert canary.read_text() == "savedmodel"
