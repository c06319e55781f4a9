"""From settings to a saved network."""

import csv
import json
import sys

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.data import Dataset, Split
from dnn_tf.runs import Settings, train
from dnn_tf.runs.train import build
from dnn_tf.saving import read_card
from dnn_tf.training import find_learning_rate
from dnn_tf.types import DivergenceError, InputError

SHORT = Settings(data="mnist-sample", epochs=2, learning_rate=0.1)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    root = tmp_path_factory.mktemp("train")
    return {"out": root / "model", "run_dir": root / "run"}


@pytest.fixture(scope="module")
def result(places):
    return train(SHORT, **places)


def test_what_it_comes_to(result, places, sample):
    assert result.epochs == len(result.seconds_per_epoch) == 2
    assert result.test_accuracy > 0.8
    assert result.source == sample.source
    measured = dnn_tf.evaluate(
        dnn_tf.load(places["out"]), sample.test, loss=dnn_tf.losses.sparse_softmax_cross_entropy
    )
    assert measured["accuracy"] == result.test_accuracy
    assert measured["loss"] == pytest.approx(result.test_loss, rel=1e-6)


@pytest.mark.usefixtures("result")
def test_what_it_writes(places):
    written = {path.name for path in places["run_dir"].iterdir()}
    assert written == {
        "config.json", "metrics.csv", "curves.png", "confusion.png", "result.json",
    }  # fmt: skip
    with (places["run_dir"] / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1"]
    assert all(float(row["seconds"]) > 0 for row in rows)
    summary = json.loads((places["run_dir"] / "result.json").read_text())
    assert "history" not in summary
    assert summary["saved_model"] == str(places["out"])


def test_same_settings_same_bits(result, places, tmp_path):
    again = train(SHORT, out=tmp_path / "m", run_dir=tmp_path / "r")
    assert again.test_loss == result.test_loss
    one, other = dnn_tf.load(places["out"]), dnn_tf.load(tmp_path / "m")
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_every_setting_counts(blobs):
    settings = Settings(hidden=(7,), activation="elu", layer="dense", initializer="he_normal")
    model = build(settings, 6, 3)
    hidden = model.get_layer("hidden1")
    assert isinstance(hidden, keras.layers.Dense)
    assert (hidden.units, hidden.activation.__name__) == (7, "elu")
    assert type(hidden.kernel_initializer).__name__ == "HeNormal"
    other = build(Settings(hidden=(7,), seed=1), 6, 3)
    assert not np.array_equal(
        other.get_weights()[0], build(Settings(hidden=(7,)), 6, 3).get_weights()[0]
    )


def test_clipping_is_passed_on(blobs, tmp_path):
    settings = Settings(epochs=1, batch_size=90, learning_rate=1.0, clip_value=1e-5)
    before = build(settings, 6, 3).get_weights()
    train(settings, out=tmp_path / "m", run_dir=tmp_path / "r", data=blobs)
    after = dnn_tf.load(tmp_path / "m").get_weights()
    moved = max(np.abs(a - b).max() for a, b in zip(before, after, strict=True))
    assert moved == pytest.approx(1e-5, rel=0.05)


class TestNothingIsLost:
    def test_folders_are_tried_before_training(self, blobs, tmp_path):
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "file").write_text("mine")
        places = {"out": tmp_path / "full", "run_dir": tmp_path / "r"}
        with pytest.raises(InputError, match="full holds something else"):
            train(SHORT, **places, data=blobs)
        assert not (tmp_path / "r").exists()

    def test_a_run_that_diverges_leaves_the_old_model_and_its_measurements(self, blobs, tmp_path):
        train(Settings(epochs=1), out=tmp_path / "m", run_dir=tmp_path / "1", data=blobs)
        before = dnn_tf.load(tmp_path / "m").get_weights()
        wild = Settings(learning_rate=1e30)
        with pytest.raises(DivergenceError, match=r"that network is in .*last_good"):
            train(wild, out=tmp_path / "m", run_dir=tmp_path / "2", data=blobs)
        np.testing.assert_array_equal(before[0], dnn_tf.load(tmp_path / "m").get_weights()[0])
        assert (tmp_path / "2" / "config.json").is_file()
        kept = dnn_tf.load(tmp_path / "2" / "last_good")
        assert all(np.isfinite(weight).all() for weight in kept.get_weights())

    def test_a_disk_that_fills_meanwhile(self, blobs, tmp_path, monkeypatch):
        save = dnn_tf.save

        def full(model, path, **card):
            if path == tmp_path / "m":
                raise OSError("No space left on device")
            return save(model, path, **card)

        monkeypatch.setattr(sys.modules[train.__module__], "save", full)
        places = {"out": tmp_path / "m", "run_dir": tmp_path / "r"}
        with pytest.raises(OSError, match=r"No space left .*; the trained network is in .*model"):
            train(Settings(epochs=1), **places, data=blobs)
        assert read_card(tmp_path / "r" / "model").settings["epochs"] == 1

    def test_a_run_folder_that_the_model_would_replace(self, blobs, tmp_path):
        for run_dir in (tmp_path / "m", tmp_path / "m" / "run"):
            with pytest.raises(InputError, match="is in the folder of the saved model"):
                train(SHORT, out=tmp_path / "m", run_dir=run_dir, data=blobs)
        train(Settings(epochs=1), out=tmp_path / "r" / "m", run_dir=tmp_path / "r", data=blobs)
        assert dnn_tf.load(tmp_path / "r" / "m")

    def test_what_cannot_be_built_is_told_before_anything_is_written(self, blobs, tmp_path):
        places = {"out": tmp_path / "m", "run_dir": tmp_path / "r"}
        for settings in (
            Settings(initializer="xavierr"),
            Settings(initializer="Constant"),
            Settings(activation="rel"),
            Settings(activation="glu", hidden=(3,)),
            Settings(hidden=(10**15,)),
        ):
            with pytest.raises(
                InputError, match="xavierr|unknown activation|the network cannot be built"
            ):
                train(settings, **places, data=blobs)
        with pytest.raises(InputError, match="no dataset is called"):
            train(Settings(data="mnits"), out=tmp_path / "m", run_dir=tmp_path / "r")
        assert list(tmp_path.iterdir()) == []


def test_batches_larger_than_the_data(blobs, tmp_path):
    result = train(
        Settings(epochs=1, batch_size=10**30),
        out=tmp_path / "m",
        run_dir=tmp_path / "r",
        data=blobs,
    )
    assert result.epochs == 1


def test_a_learning_rate_is_tried_with_the_steps_of_the_training(blobs, tmp_path, monkeypatch):
    seen = []

    def watched(*arguments, **words):
        seen.append(words["batch_size"])
        return find_learning_rate(*arguments, **words)

    monkeypatch.setattr(sys.modules[train.__module__], "find_learning_rate", watched)
    settings = Settings(
        epochs=1, learning_rate="auto", batch_size=10, gradient_accumulation_steps=3
    )
    result = train(settings, out=tmp_path / "m", run_dir=tmp_path / "r", data=blobs)
    assert seen == [30]
    assert (tmp_path / "r" / "learning_rate.png").is_file()
    assert result.learning_rate == result.history["learning_rate"][0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"gradient_accumulation_steps": 99}, "there are only 90 rows"),
        (
            {
                "schedule": "cosine",
                "schedule_options": {"warmup_target": 0.1, "warmup_steps": 99},
            },
            "the whole training has 2 steps",
        ),
    ],
)
def test_what_the_rows_tell_is_refused_before_anything_is_written(blobs, tmp_path, words, message):
    settings = Settings(epochs=1, **words)
    with pytest.raises(InputError, match=message):
        train(settings, out=tmp_path / "m", run_dir=tmp_path / "r", data=blobs)
    assert list(tmp_path.iterdir()) == []


def test_a_learning_rate_that_cannot_be_found_leaves_nothing(blobs, tmp_path, monkeypatch):
    def none_helps(*_, **__):
        raise InputError("no rate helps")

    monkeypatch.setattr(sys.modules[train.__module__], "find_learning_rate", none_helps)
    settings = Settings(epochs=1, learning_rate="auto")
    with pytest.raises(InputError, match="no rate helps"):
        train(settings, out=tmp_path / "m", run_dir=tmp_path / "r", data=blobs)
    assert list(tmp_path.iterdir()) == []


def test_three_splits_are_needed(blobs, tmp_path):
    data = Dataset(blobs.train, class_names=blobs.class_names)
    with pytest.raises(InputError, match="no test and no validation"):
        train(SHORT, out=tmp_path / "m", run_dir=tmp_path / "r", data=data)


def test_images_with_a_shape_are_refused_by_dense_layers(tmp_path):
    split = Split(np.zeros((4, 2, 2, 1), "float32"), np.zeros(4, int))
    data = Dataset(split, split, split, class_names=("a", "b"))
    with pytest.raises(InputError, match="rows of features"):
        train(SHORT, out=tmp_path / "m", run_dir=tmp_path / "r", data=data)
