"""From a saved network and a folder of photos to another saved network."""

import csv
import json
from pathlib import Path

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import models, runs, saving
from dnn_tf.data import Dataset, Split
from dnn_tf.runs import FineTuneSettings
from dnn_tf.types import InputError

MNIST = Path(__file__).parents[2] / "saved_models" / "mnist"
pytestmark = pytest.mark.usefixtures("module_without_xla")
SHORT = {"epochs": 15, "patience": 5}


@pytest.fixture(scope="module")
def photos(tmp_path_factory, write_photos):
    return write_photos(tmp_path_factory.mktemp("photos") / "照片")


@pytest.fixture(scope="module")
def tuned(tmp_path_factory, photos):
    """The committed network, put to work on these photos."""
    folder = tmp_path_factory.mktemp("tuned")
    settings = FineTuneSettings(str(photos), scratch=True, **SHORT)
    result = runs.finetune(
        MNIST, settings, out=folder / "model", run_dir=folder / "run", progress=False
    )
    return result, folder


def test_it_learns_the_photos(tuned):
    result, _ = tuned
    assert result.class_names == ("sieben 7", "six", "五")
    assert result.rows == {"train": 27, "validation": 3, "test": 6}
    assert result.tuning.stages[result.tuning.best].validation_accuracy > 0.8
    assert result.tuning.cached
    assert "all inverted to light on dark" in result.source
    assert "as 28 x 28 grey" in result.source


def test_a_summary_for_a_program(tuned):
    result, folder = tuned
    summary = json.loads(json.dumps(result.summary()))
    assert set(summary) >= {
        "stages", "test_accuracy", "scratch_accuracy", "cached", "saved_model", "run_dir",
        "class_names", "source", "seconds", "rows", "device",
    }  # fmt: skip
    assert summary["saved_model"] == str(folder / "model")
    assert set(summary["stages"][0]) >= {"trained", "epochs", "seconds", "validation_accuracy"}


def test_the_run_folder(tuned):
    _, folder = tuned
    run = folder / "run"
    assert sorted(path.name for path in run.iterdir()) == [
        "config.json", "confusion.png", "manifest.json", "metrics.csv", "result.json",
        "stages.csv", "stages.png",
    ]  # fmt: skip
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    assert config["model"] == str(MNIST)
    assert config["scratch"] is True
    with (run / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (run / "stages.csv").open(newline="") as file:
        stages = list(csv.DictReader(file))
    assert [row["stage"] for row in rows].count("1") == int(stages[0]["epochs"])
    assert stages[0]["trained"] == "outputs"
    assert [row["stage"] for row in stages] == [*map(str, range(1, len(stages))), "scratch"]
    assert {row["stage"] for row in rows} == {row["stage"] for row in stages[:-1]}
    with pytest.raises(InputError, match="holds a run that this version of dnn_tf cannot read"):
        runs.read_run(run)


def test_class_names_and_image_format_travel(tuned, photos):
    result, folder = tuned
    card = saving.read_card(folder / "model")
    assert card.class_names == result.class_names
    assert card.image_format == saving.read_card(MNIST).image_format
    assert card.metrics["test_accuracy"] == result.summary()["test_accuracy"]
    measured = runs.evaluate_saved(folder / "model", str(photos))
    assert measured["accuracy"] == pytest.approx(result.summary()["test_accuracy"])
    everything = runs.evaluate_saved(folder / "model", str(photos), split="all")
    assert everything["n"] == 36
    files = sorted((photos / "五").iterdir())
    predictions = runs.classify_files(folder / "model", files)
    assert {one.class_name for one in predictions} <= set(result.class_names)
    assert all(one.inverted for one in predictions)


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    centres = 2 * rng.normal(size=(3, 6))

    def split(n):
        y = np.arange(n) % 3
        return Split((centres[y] + rng.normal(size=(n, 6))).astype("float32"), y)

    return Dataset(split(60), split(30), split(30), class_names=("a", "b", "c"), source="rows")


def finetune(tmp_path, data, model=None, **words):
    saved = model or dnn_tf.save(models.dnn(6, (8, 7), 4, activation="elu"), tmp_path / "first")
    return runs.finetune(
        saved, FineTuneSettings("given", **{**SHORT, **words}), out=tmp_path / "out",
        run_dir=tmp_path / "run", data=data, progress=False,
    )  # fmt: skip


def test_other_layers_and_other_words(tmp_path, rows):
    result = finetune(
        tmp_path, rows, keep="hidden1", new_hidden=(5,), activation="selu", optimizer="nesterov",
        per_class=10, stages=1, cache=False,
    )  # fmt: skip
    assert result.rows == {"train": 30, "validation": 9, "test": 30}
    assert [stage.trained for stage in result.tuning.stages] == [("hidden2", "outputs")]
    assert not result.tuning.cached
    again = dnn_tf.load(tmp_path / "out")
    assert [layer.name for layer in again.layers] == ["X", "hidden1", "hidden2", "outputs"]
    assert again.get_layer("hidden2").activation.__name__ == "selu"


def test_the_same_seed_gives_the_same_network(tmp_path, rows):
    first = finetune(tmp_path / "a", rows, seed=7)
    second = finetune(tmp_path / "b", rows, seed=7, model=tmp_path / "a" / "first")
    one, other = (dnn_tf.load(tmp_path / part / "out").get_weights() for part in "ab")
    for weight, value in zip(one, other, strict=True):
        np.testing.assert_array_equal(weight, value)
    assert first.summary()["test_accuracy"] == second.summary()["test_accuracy"]


def test_from_a_keras_file_that_ends_in_softmax(tmp_path, rows):
    model = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Dense(8, "relu", name="body"),
            keras.layers.Dense(4, "softmax", name="head"),
        ]
    )
    model.save(tmp_path / "other.keras")
    result = finetune(tmp_path, rows, model=tmp_path / "other.keras")
    assert result.tuning.stages[0].trained == ("outputs",)
    assert dnn_tf.load(tmp_path / "out").layers[-1].name == "outputs"


def test_without_a_test_split_the_validation_rows_are_shown(tmp_path, rows):
    data = Dataset(rows.train, rows.validation, class_names=rows.class_names)
    result = finetune(tmp_path, data, scratch=True)
    assert result.summary()["test_accuracy"] is None
    assert "test_accuracy" not in saving.read_card(tmp_path / "out").metrics
    assert (tmp_path / "run" / "stages.png").is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"keep": 9}, "keep is 9, and model 'dnn' has 3 layers"),
        ({"keep": "hidden9"}, "no layer is called 'hidden9'"),
        ({"optimizer": "adaam"}, "unknown optimiser 'adaam'"),
        ({"new_hidden": (3,), "activation": "reluu"}, "reluu"),
        ({"per_class": 21}, "21 training rows a class were asked for"),
    ],
)
def test_what_cannot_be_leaves_nothing_behind(tmp_path, rows, words, message):
    with pytest.raises(InputError, match=message):
        finetune(tmp_path, rows, **words)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first"]


def test_data_of_another_shape(tmp_path, rows):
    other = Dataset(
        Split(rows.train.x[:, :5], rows.train.y),
        Split(rows.validation.x[:, :5], rows.validation.y),
        class_names=rows.class_names,
    )
    with pytest.raises(InputError, match=r"a sample has the shape \(5,\), and the network takes"):
        finetune(tmp_path, other)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first"]


def test_places_are_tried_first(tmp_path, rows):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("do not touch")
    with pytest.raises(InputError, match="mine.txt|holds something else"):
        finetune(tmp_path, rows)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("out", "run", "which"),
    [
        ("m", "run", "the new network, .*, and the network to be tuned"),
        ("link", "run", "the new network, .*, and the network to be tuned"),
        ("m/new", "run", "the new network, .*, and the network to be tuned"),
        ("out", "m/run", "the run folder, .*, and the network to be tuned"),
        ("photos/out", "run", "the new network, .*, and the data"),
        ("out", "photos/run", "the run folder, .*, and the data"),
    ],
)
def test_network_and_data_stay_as_they_are(tmp_path, write_photos, out, run, which):
    saved = dnn_tf.save(models.dnn(784, (8, 7), 4), tmp_path / "m")
    (tmp_path / "link").symlink_to(saved)
    photos = write_photos(tmp_path / "photos", n=4)
    before = sorted(path for path in tmp_path.rglob("*"))
    with pytest.raises(InputError, match=which):
        runs.finetune(
            saved, FineTuneSettings(str(photos)), out=tmp_path / out, run_dir=tmp_path / run
        )
    assert sorted(path for path in tmp_path.rglob("*")) == before
    assert dnn_tf.load(saved).output_shape == (None, 4)


@pytest.mark.parametrize("kind", ["one class", "two images", "corrupt"])
def test_folders_that_cannot_be(tmp_path, write_photos, kind):
    names = {5: "five"} if kind == "one class" else {5: "five", 6: "six"}
    folder = write_photos(tmp_path / "few", n=1 if kind == "two images" else 9, names=names)
    message = "two classes or more|one class"
    if kind == "two images":
        message = "too few rows of class 'five': 1, and at least 3"
    if kind == "corrupt":
        (folder / "six" / "0.jpg").write_bytes(b"\xff\xd8 no more")
        message = "six/0.jpg: "
    with pytest.raises(InputError, match=message):
        runs.finetune(
            MNIST, FineTuneSettings(str(folder)), out=tmp_path / "out", run_dir=tmp_path / "run"
        )
    assert not (tmp_path / "run").exists()
