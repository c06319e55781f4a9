"""The notebook's search. All of it takes half an hour: `dnn-tf reproduce exercise-8-search`."""

import dataclasses

import keras_tuner
import pytest

from dnn_tf.experiments import exercise_8_search as page
from dnn_tf.experiments.setting import Setting


def test_the_space_is_the_notebooks():
    hp = keras_tuner.HyperParameters()
    page.space(hp)
    values = {one.name: one.values for one in hp.space}
    assert values == {
        "n_neurons": [10, 30, 50, 70, 90, 100, 120, 140, 160],
        "batch_size": [10, 50, 100, 500],
        "activation": ["relu", "elu", "leaky_relu 0.01", "leaky_relu 0.1"],
        "learning_rate": [0.01, 0.02, 0.05, 0.1],
    }
    assert page.REFERENCE == 0.9891


def test_reproduces_and_goes_on(tmp_path, monkeypatch):
    setting = Setting(quick=True, directory=tmp_path)
    outcome = page.reproduce(setting)
    (row,) = outcome.rows
    assert row.ok
    assert row.note.startswith("n_neurons ")
    assert row.note.endswith("the best of 2 draws")
    assert outcome.figure is not None
    monkeypatch.setattr("dnn_tf.tuning.task.fit", None)  # nothing is trained again
    (again,) = page.reproduce(dataclasses.replace(setting)).rows
    assert again == row


def test_the_folder_is_kept_beside_the_results_or_not_at_all(tmp_path):
    with page.kept_folder(Setting(seed=7, directory=tmp_path)) as folder:
        assert folder == tmp_path / "exercise-8-search" / "full-seed-7"
    with page.kept_folder(Setting()) as folder:
        assert folder.is_dir()
    assert not folder.exists()


def test_searches_digits_0_to_4(sample, tmp_path, monkeypatch):
    given = {}
    monkeypatch.setattr(page.tuning, "search", lambda data, space, **words: given.update(
        classes=data.class_names, space=space, **words
    ))  # fmt: skip
    page.random_search(sample, tmp_path, seed=3)
    assert given["classes"] == ("0", "1", "2", "3", "4")
    wanted = {"trials": 50, "folds": 3, "epochs": 1000, "patience": 20, "algorithm": "random"}
    assert {name: given[name] for name in wanted} == wanted
    assert given["seed"] == 3
    assert pytest.approx(0.2) == page.GUESSING
