"""A saved network on a dataset."""

from dataclasses import replace

import pytest

import dnn_tf
from dnn_tf.runs import evaluate_saved
from dnn_tf.types import InputError


def test_equals_keras(saved, sample):
    measured = evaluate_saved(saved, "mnist-sample")
    loss, accuracy = dnn_tf.load(saved).evaluate(sample.test.x, sample.test.y, verbose=0)
    assert measured == {
        "loss": pytest.approx(loss, rel=1e-5),
        "accuracy": pytest.approx(accuracy),
        "n": 1000,
        "source": sample.source,
    }


def test_other_number_of_classes(small_model, tmp_path):
    dnn_tf.save(small_model, tmp_path / "m")
    with pytest.raises(InputError, match="tells 3 classes apart, and mnist-sample has 10"):
        evaluate_saved(tmp_path / "m", "mnist-sample")


def test_other_names_of_classes(sample, tmp_path):
    clothes = replace(sample, class_names=tuple("abcdefghij"))
    dnn_tf.save(dnn_tf.models.dnn(784, (), 10), tmp_path / "m", data=clothes)
    with pytest.warns(UserWarning, match="trained on the classes a, b, .* and mnist-sample has 0"):
        evaluate_saved(tmp_path / "m", "mnist-sample")


def test_other_features(tmp_path):
    dnn_tf.save(dnn_tf.models.dnn(100, (), 10), tmp_path / "m")
    with pytest.raises(InputError, match=r"shape \(784,\), and the model takes \(100,\)"):
        evaluate_saved(tmp_path / "m", "mnist-sample")
