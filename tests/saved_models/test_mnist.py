"""The committed network is what its card says."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf.runs import evaluate_saved
from dnn_tf.saving import read_card

FOLDER = Path(__file__).parents[2] / "saved_models" / "mnist"


def test_reads_the_bundled_digits():
    assert evaluate_saved(FOLDER, "mnist-sample")["accuracy"] > 0.96


def test_the_savedmodel_and_the_keras_model_are_one_network(sample):
    loaded = tf.saved_model.load(str(FOLDER))
    answer = loaded.signatures["serving_default"](features=tf.constant(sample.test.x))
    logits = dnn_tf.load(FOLDER)(sample.test.x)
    np.testing.assert_allclose(answer["logits"], logits, atol=1e-4)


@pytest.mark.full_mnist
@pytest.mark.usefixtures("full_mnist")
def test_scores_what_its_card_says():
    measured = evaluate_saved(FOLDER, "tfds:mnist")
    assert measured["accuracy"] == pytest.approx(
        read_card(FOLDER).metrics["test_accuracy"], abs=2e-4
    )


def test_about_three_megabytes():
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 3e6
