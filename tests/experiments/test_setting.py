"""In full, or quickly."""

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf.experiments import setting as module
from dnn_tf.experiments.setting import Setting
from dnn_tf.optimizers import GradientDescent
from dnn_tf.types import InputError


def test_quick_is_on_the_digits_that_come_with_the_package():
    setting = Setting(quick=True)
    assert setting.data.source.startswith("bundled sample")
    assert setting.data is setting.data
    assert setting.choose(40, 2) == 2


def test_full_is_on_all_of_mnist(monkeypatch, sample):
    asked = []
    monkeypatch.setattr(module, "load_data", lambda name: asked.append(name) or sample)
    setting = Setting()
    assert setting.choose(40, 2) == 40
    assert setting.data is sample
    assert asked == ["tfds:mnist"]  # and nothing in its place
    assert setting.seeds(3) == [42, 43, 44]


def test_without_mnist_it_is_told_what_to_do(monkeypatch):
    def none(name):
        raise InputError("TFDS mnist cannot be had: prepare it")

    monkeypatch.setattr(module, "load_data", none)
    with pytest.raises(InputError, match="prepare it; --quick runs on the digits of the package"):
        _ = Setting().data


def test_first_images():
    setting = Setting(quick=True)
    few = setting.first(70)
    np.testing.assert_array_equal(few.train.x, setting.data.train.x[:70])
    np.testing.assert_array_equal(few.train.y, setting.data.train.y[:70])
    assert few.validation is setting.data.validation


def test_rows_are_held_against_the_reference_on_all_of_mnist_only(monkeypatch, sample):
    setting = Setting(quick=True)
    row = setting.against("accuracy", 0.9, 0.97, 0.003, quick=0.8, note="cell 1")
    assert (row.ok, row.told) == (True, "at least 0.8")
    assert row.note == "cell 1; 4,500 images only; on all of MNIST the reference is 0.97"
    row = Setting().against("accuracy", 0.9, 0.97, 0.003, quick=0.8)
    assert (row.ok, row.told, row.note) == (False, "0.97 +- 0.003", "")


@pytest.mark.parametrize("quick", [True, False])
def test_fit_is_the_packages_from_the_seed(monkeypatch, quick):
    given = {}

    def fit(model, data, **words):
        given.update(words, data=data)
        return keras.callbacks.History()

    monkeypatch.setattr(module, "fit", fit)
    optimizer = GradientDescent(0.1)
    Setting(quick=quick, seed=7).fit(None, optimizer, epochs=3, data="rows", batch_size=5)
    assert given.pop("loss") is dnn_tf.losses.sparse_softmax_cross_entropy
    assert given.pop("optimizer") is optimizer
    assert given.pop("jit_compile", None) is (False if quick else None)
    assert given == {"data": "rows", "epochs": 3, "batch_size": 5, "seed": 7, "progress": False}


def test_trains_on_its_data():
    setting = Setting(quick=True)
    setting.seeded()
    model = dnn_tf.models.dnn(hidden=(20,))
    history = setting.fit(model, GradientDescent(0.1), epochs=2, batch_size=50)
    assert history["val_accuracy"][1] > 0.6


def test_weights_start_from_the_seed():
    first, second = (np.array(draw(Setting(seed=3))) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert np.any(first != draw(Setting(seed=4)))


def draw(setting):
    setting.seeded()
    return dnn_tf.models.dnn(n_inputs=3, hidden=(2,)).get_weights()[0]
