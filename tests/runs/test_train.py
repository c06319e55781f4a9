"""From settings to a saved network."""

import csv
import dataclasses
import json
import shutil
import signal
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.data import Dataset, Split, write_tfrecords
from dnn_tf.runs import Settings, read_run, resume, train
from dnn_tf.runs.train import build
from dnn_tf.saving import read_card
from dnn_tf.training import find_learning_rate
from dnn_tf.types import DivergenceError, InputError
from dnn_tf.workers import Team

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
        "config.json", "manifest.json", "metrics.csv", "checkpoints", "curves.png",
        "confusion.png", "result.json",
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


@pytest.mark.usefixtures("without_xla")
def test_clipping_is_passed_on(blobs, tmp_path):
    settings = Settings(epochs=1, batch_size=90, learning_rate=1.0, clip_value=1e-5)
    before = build(settings, 6, 3).get_weights()
    train(settings, out=tmp_path / "m", run_dir=tmp_path / "r", data=blobs)
    after = dnn_tf.load(tmp_path / "m").get_weights()
    moved = max(np.abs(a - b).max() for a, b in zip(before, after, strict=True))
    assert moved == pytest.approx(1e-5, rel=0.05)


@pytest.mark.usefixtures("without_xla")
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
            if Path(path) == tmp_path / "m":
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


@pytest.mark.usefixtures("without_xla")
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
    split = Split(np.zeros((4, 2, 2, 1), "float32"), np.arange(4) % 2)
    data = Dataset(split, split, split, class_names=("a", "b"))
    with pytest.raises(InputError, match="rows of features"):
        train(SHORT, out=tmp_path / "m", run_dir=tmp_path / "r", data=data)


class CtrlC(keras.callbacks.Callback):
    """After some epoch of some start."""

    def __init__(self, start, epoch):
        super().__init__()
        starts = iter(range(1, 99))
        self.when = lambda: (start, epoch)  # a function is no option that a checkpoint knows
        self.next_start = lambda: next(starts)

    def on_train_begin(self, logs=None):
        self.start = np.array(self.next_start())

    def on_epoch_end(self, epoch, logs=None):
        if (self.start, epoch) == self.when():
            signal.raise_signal(signal.SIGINT)


def weights_of(folder):
    return [weight.tobytes() for weight in dnn_tf.load(folder).get_weights()]


@pytest.mark.usefixtures("without_xla")
class TestResume:
    SETTINGS = Settings(
        hidden=(8,), dropout=0.2, optimizer="adam", schedule="cosine", epochs=4, starts=2,
        batch_size=20, early_stopping=3, clip_norm=1.0, learning_rate="auto",
    )  # fmt: skip

    def test_an_interrupted_run_ends_as_it_would_have(self, blobs, tmp_path):
        """Broken off in its second start, with a learning rate that was to be found."""
        never = CtrlC(9, 9)
        whole = train(
            self.SETTINGS, out=tmp_path / "m1", run_dir=tmp_path / "r1", data=blobs,
            callbacks=[never],
        )  # fmt: skip
        places = {"out": tmp_path / "m2", "run_dir": tmp_path / "r2"}
        with pytest.raises(KeyboardInterrupt, match=r"epoch 2, step 0 is kept in .*seed-43"):
            train(self.SETTINGS, **places, data=blobs, callbacks=[CtrlC(2, 1)])
        assert not (tmp_path / "m2").exists()
        result = resume(tmp_path / "r2", data=blobs, callbacks=[CtrlC(9, 9)])
        assert weights_of(tmp_path / "m2") == weights_of(tmp_path / "m1")
        assert (result.scores, result.test_loss) == (whole.scores, whole.test_loss)
        tables = [_without_times(tmp_path / run / "metrics.csv") for run in ("r1", "r2")]
        assert tables[0] == tables[1]

    def test_a_run_that_had_ended_is_saved_once_more(self, blobs, tmp_path):
        places = {"out": tmp_path / "m", "run_dir": tmp_path / "r"}
        before = train(Settings(epochs=2), **places, data=blobs)
        weights, table = weights_of(tmp_path / "m"), (tmp_path / "r" / "metrics.csv").read_text()
        shutil.rmtree(tmp_path / "m")
        after = resume(tmp_path / "r", data=blobs)
        assert weights_of(tmp_path / "m") == weights
        assert (tmp_path / "r" / "metrics.csv").read_text() == table
        assert after.history == before.history

    def test_other_data(self, blobs, tmp_path):
        train(Settings(epochs=1), out=tmp_path / "m", run_dir=tmp_path / "r", data=blobs)
        x = blobs.train.x + np.float32(1)
        other = dataclasses.replace(blobs, train=Split(x, blobs.train.y))
        with (
            pytest.warns(UserWarning, match="other conditions.*sha256"),
            pytest.raises(InputError, match="differs in data"),
        ):
            resume(tmp_path / "r", data=other)

    def test_from_another_folder(self, tmp_path, monkeypatch):
        """The data were named as they lie there."""
        rows = "\n".join(f"{i % 7},{i % 2}" for i in range(40))
        (tmp_path / "t.csv").write_text(f"a,label\n{rows}\n")
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path)
        train(Settings(data="t.csv", hidden=(3,), epochs=1, batch_size=10), out="m", run_dir="r")
        before = weights_of("m")
        monkeypatch.chdir(tmp_path / "elsewhere")
        resume(tmp_path / "r")
        assert weights_of(tmp_path / "m") == before
        assert list(Path.cwd().iterdir()) == []

    def test_no_run(self, tmp_path):
        with pytest.raises(InputError, match="holds no run"):
            resume(tmp_path)


def _without_times(file):
    with file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


@pytest.mark.usefixtures("without_xla")
def test_a_repeated_run_tells_what_was_different(blobs, tmp_path):
    places = [{"out": tmp_path / f"m{i}", "run_dir": tmp_path / f"r{i}"} for i in range(2)]
    train(Settings(hidden=(4,), epochs=1), **places[0], data=blobs)
    settings, _ = read_run(tmp_path / "r0")
    file = tmp_path / "r0" / "manifest.json"
    file.write_text(file.read_text().replace(keras.__version__, "2.0"))
    with pytest.warns(UserWarning, match="keras '2.0', now [^;]*$"):
        train(settings, **places[1], data=blobs, repeats=tmp_path / "r0")
    assert weights_of(tmp_path / "m0") == weights_of(tmp_path / "m1")


def test_from_shards(tmp_path, sample, without_xla):
    """Training rows that are read on the way, as `dnn-tf train --data FOLDER` takes them."""
    folder = write_tfrecords(sample, tmp_path / "shards")
    settings = dataclasses.replace(SHORT, data=str(folder))
    result = train(settings, out=tmp_path / "model", run_dir=tmp_path / "run")
    assert result.test_accuracy > 0.8
    with pytest.raises(InputError, match="train is a stream"):
        train(
            dataclasses.replace(settings, learning_rate="auto"),
            out=tmp_path / "other",
            run_dir=tmp_path / "other run",
        )


class Worker(Team):
    """One of two, whose other is not really there."""

    size = 2

    def __init__(self, rank, told=()):
        self.rank, self.told = rank, list(told)

    def chiefs(self, value, what="a value"):
        if self.is_chief:
            self.told.append(value)
            return value
        return self.told.pop(0)


def test_of_several_workers_the_chief_alone_writes(blobs, tmp_path, monkeypatch):
    settings = Settings("blobs", hidden=(4,), epochs=1, learning_rate=0.1)
    chief = Worker(0)
    monkeypatch.setattr(sys.modules["dnn_tf.runs.train"], "team_of", lambda _: chief)
    places = {"out": tmp_path / "m", "run_dir": tmp_path / "r"}
    first = train(settings, data=blobs, **places)
    # The same call again, as a cluster starts all workers again, goes on; here it had ended.
    again = train(settings, data=blobs, **places)
    assert first.history == again.history
    with pytest.raises(InputError, match="is there already and not empty"):
        train(dataclasses.replace(settings, epochs=2), data=blobs, **places)

    told = chief.told[:3]
    monkeypatch.setattr(sys.modules["dnn_tf.runs.train"], "team_of", lambda _: Worker(1, told))
    other = {"out": tmp_path / "n", "run_dir": tmp_path / "s"}
    monkeypatch.chdir(tmp_path)
    result = train(Settings("blobs", hidden=(9,)), data=blobs, **other)
    assert result.epochs == 1  # the chief's settings
    assert not (tmp_path / "n").exists()

    watching = dataclasses.replace(settings, watch_layers=True)
    monkeypatch.setattr(sys.modules["dnn_tf.runs.train"], "team_of", lambda _: Worker(0))
    with pytest.raises(InputError, match="watch_layers looks on from one worker"):
        train(watching, data=blobs, out=tmp_path / "o", run_dir=tmp_path / "t")
