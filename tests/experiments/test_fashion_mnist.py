"""Clothes, which are not on every machine: digits stand in for them."""

import dataclasses

import numpy as np
import pytest

from dnn_tf.data import Split
from dnn_tf.data.tfds import UnavailableError
from dnn_tf.experiments import fashion_mnist as page
from dnn_tf.experiments.setting import Setting

NAMES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker",
         "Bag", "Ankle boot")  # fmt: skip


@pytest.fixture
def stand_in(monkeypatch, sample):
    """Few images of the right shapes and names, in place of TFDS's."""

    def load(name):
        assert name == "tfds:fashion_mnist"
        splits = {key: Split(s.x[:400], s.y[:400]) for key, s in sample.splits().items()}
        return dataclasses.replace(sample, class_names=NAMES, source="clothes", **splits)

    monkeypatch.setattr(page, "load", load)
    monkeypatch.setattr(page, "VALIDATION", 200)


def test_reproduces_quickly():
    outcome = page.reproduce(Setting(quick=True))
    assert [row.ok for row in outcome.rows] == [True] * 3 + [None]
    assert outcome.figure is not None


def test_without_the_set(monkeypatch):
    def load(name):
        raise UnavailableError(f"no {name}")

    monkeypatch.setattr(page, "load", load)
    rows = list(page.reproduce(Setting()).rows)
    assert len(rows) == 12
    assert {row.ok for row in rows} == {None}
    assert rows[0].note == f"not run: {page.NOT_HERE}"


@pytest.mark.usefixtures("stand_in", "without_xla")
def test_every_row_is_run_in_full(monkeypatch):
    recipes = {"Adam": page.RECIPES["Adam"], "dropout 0.2": page.RECIPES["dropout 0.2"]}
    monkeypatch.setattr(page, "RECIPES", recipes)
    monkeypatch.setattr(page, "THREE", (8,) * 3)
    *rows, gain = page.reproduce(Setting()).rows
    assert gain.measured == rows[-1].measured - rows[-2].measured
    assert [row.reference for row in rows] == [0.8696, 0.87, 0.9185, 0.9385]
    assert all(0 <= row.measured <= 1 for row in rows)


@pytest.mark.usefixtures("stand_in")
def test_the_last_training_images_are_for_validation(sample):
    data = page.clothes()
    assert (len(data.train), len(data.validation)) == (600, 200)
    np.testing.assert_array_equal(data.validation.x, sample.train.x[200:400])


@pytest.mark.usefixtures("stand_in")
def test_two_classes_of_few_images():
    two = page.two_classes(page.clothes())
    assert two.class_names == ("T-shirt/top", "Pullover")
    assert len(two.train) <= 200
    assert set(two.train.y) == {0, 1}


def test_standardised(sample):
    x = page.standardised(sample).train.x
    varies = sample.train.x.std(axis=0) > 0
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(x.std(axis=0), varies, atol=1e-3)


@pytest.mark.parametrize("name", page.RECIPES)
def test_every_recipe_builds(name):
    recipe = page.RECIPES[name]
    assert float(recipe.optimizer(page.RATE).learning_rate) == pytest.approx(0.001)
    words = {"kernel_initializer": "he_normal", **recipe.words}
    assert page.models.dnn(6, recipe.hidden[:3], 10, **words).output_shape == (None, 10)
