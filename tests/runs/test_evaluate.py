"""A saved network on a dataset."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from PIL import Image

import dnn_tf
from dnn_tf.data import Dataset, Split
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


@pytest.mark.parametrize(
    ("split", "n"), [("train", 4500), ("validation", 500), ("test", 1000), ("all", 6000)]
)
def test_any_split_or_all_rows(saved, split, n):
    measured = evaluate_saved(saved, "mnist-sample", split=split)
    assert measured["n"] == n
    assert measured["accuracy"] > 0.8


def test_a_split_that_there_is_not(saved):
    with pytest.raises(InputError, match="split is one of train, validation, test, all, and got"):
        evaluate_saved(saved, "mnist-sample", split="tset")


@pytest.fixture(scope="session")
def namer(tmp_path_factory):
    """A network whose output is the brightest of its three pixels, which have names."""
    x = keras.Input((3,))
    y = keras.layers.Dense(3, use_bias=False, kernel_initializer="identity")(x)
    data = Dataset(Split(np.eye(3), np.arange(3)), class_names=("red", "green", "blue"))
    return dnn_tf.save(keras.Model(x, y), tmp_path_factory.mktemp("namer") / "m", data=data)


def colours(folder, names, class_names=None):
    """Rows with these labels, each lighting the pixel that the network has for the name."""
    x = [[10 * (name == known) for known in ("red", "green", "blue")] for name in names]
    named = {} if class_names is None else {"class_names": np.array(class_names)}
    np.savez(folder / "colours.npz", x=np.array(x, "float32"), y=np.array(names), **named)
    return folder / "colours.npz"


@pytest.mark.parametrize("class_names", [None, ["blue", "red", "green"]])
def test_classes_are_matched_by_their_names(namer, tmp_path, class_names):
    data = colours(tmp_path, ["blue", "green", "red"] * 5, class_names)
    for split in ("train", "test", "all"):
        assert evaluate_saved(namer, data, split=split)["accuracy"] == 1


@pytest.mark.parametrize("names", [["blue", "green"] * 5, ["blue"], ["red", "blue"]])
def test_some_of_the_classes_are_enough(namer, tmp_path, names):
    measured = evaluate_saved(namer, colours(tmp_path, names), split="all")
    assert (measured["accuracy"], measured["n"]) == (1, len(names))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (
            ["blue", "pink", "red"],
            r"apart \(red, green, blue\), and .*npz has 3, .* them pink: rename",
        ),
        (["pink", "cyan"], "has 2, unknown of them cyan, pink: rename them or leave them out"),
        (["red", "green", "blue", "cyan"], "has 4, unknown of them cyan"),
    ],
)
def test_unknown_classes_are_named(namer, tmp_path, names, words):
    with pytest.raises(InputError, match=words) as caught:
        evaluate_saved(namer, colours(tmp_path, names), split="all")
    assert str(caught.value).isprintable()


def test_other_names_of_classes_are_taken_in_order(sample, tmp_path):
    clothes = replace(sample, class_names=tuple("abcdefghij"))
    dnn_tf.save(dnn_tf.models.dnn(784, (), 10), tmp_path / "m", data=clothes)
    with pytest.warns(UserWarning, match="trained on the classes a, b, .* and mnist-sample has 0"):
        evaluate_saved(tmp_path / "m", "mnist-sample")


def test_other_number_of_classes(small_model, tmp_path):
    dnn_tf.save(small_model, tmp_path / "m")
    with pytest.raises(InputError, match="tells 3 classes apart .* and mnist-sample has 10, unkno"):
        evaluate_saved(tmp_path / "m", "mnist-sample")


def test_pictures_of_some_classes(saved, sample, tmp_path):
    """Large photos of paper, two a class, of three digits out of ten."""
    for name in ("7", "2", "1"):
        (tmp_path / name).mkdir()
        for row in np.flatnonzero(sample.train.y == int(name))[:2]:
            pixels = np.uint8(255 - sample.train.x[row].reshape(28, 28) * 255)
            image = Image.fromarray(pixels).convert("RGB").resize((300, 300))
            image.save(tmp_path / name / f"{row}.png")
    with pytest.raises(InputError, match=r"too few rows of class '1': 2, .* \(split 'all'\)"):
        evaluate_saved(saved, tmp_path)
    measured = evaluate_saved(saved, tmp_path, split="all")
    assert measured["n"] == 6
    assert measured["accuracy"] >= 4 / 6
    assert "6 images as 28 x 28 grey, all inverted to light on dark; all rows" in measured["source"]


@pytest.fixture
def warm(tmp_path):
    """One logit, the first feature: above 0 it is warm. Its rows are off by one label in ten."""
    x = keras.Input((2,))
    z = keras.layers.Dense(1, use_bias=False, kernel_initializer="identity")(x)
    rows = np.stack([np.tile([-2.0, 3.0], 20), np.zeros(40)], axis=1).astype("float32")
    y = np.tile([0, 1], 20)
    y[:4] = 1 - y[:4]
    np.savez(tmp_path / "a.npz", x=rows, y=np.array(["cold", "warm"])[y])
    data = Dataset(Split(rows, y), class_names=("cold", "warm"))
    return dnn_tf.save(keras.Model(x, z), tmp_path / "m", data=data), tmp_path / "a.npz"


def test_one_logit_of_two_classes(warm):
    measured = evaluate_saved(*warm, split="all")
    costs = np.log1p(np.exp([-2, -3])) * 18 + np.log1p(np.exp([2, 3])) * 2  # right; wrong
    assert (measured["accuracy"], measured["n"]) == (0.9, 40)
    assert measured["loss"] == pytest.approx(costs.sum() / 40)


def test_a_logit_of_0_is_class_1_as_it_is_served(warm, tmp_path):
    np.savez(tmp_path / "b.npz", x=np.zeros((1, 2)), y=np.array(["warm"]))
    assert evaluate_saved(warm[0], tmp_path / "b.npz", split="all")["accuracy"] == 1


def test_other_features(tmp_path):
    dnn_tf.save(dnn_tf.models.dnn(101, (), 10), tmp_path / "m")
    with pytest.raises(InputError, match=r"shape \(784,\), and the model takes \(101,\)"):
        evaluate_saved(tmp_path / "m", "mnist-sample")


def test_a_card_that_tells_nothing_of_images(tmp_path):
    dnn_tf.save(dnn_tf.models.dnn(100, (), 10), tmp_path / "m")
    with pytest.warns(UserWarning, match="10 x 10 grey with pixels from 0 to 1 is assumed"):
        measured = evaluate_saved(tmp_path / "m", "mnist-sample")
    assert measured["source"].endswith("6,000 images as 10 x 10 grey")
