"""The examples of the pages run: those of a page in a row, on few digits, for an epoch."""

import shutil

import numpy as np
import pytest
from docs.pages import PAGES, REPOSITORY, blocks, name_of
from sklearn.datasets import load_digits

import dnn_tf
from dnn_tf import training, transfer, tuning
from dnn_tf.data import Dataset, Split

WITH_EXAMPLES = [page for page in PAGES if blocks(page, "python") and "zh-CN" not in page.name]


@pytest.fixture
def small(sample, monkeypatch, tmp_path, without_xla):
    """`data.load("mnist")` gives 300 digits; trainings take an epoch, searches two trials."""
    rows = {
        name: Split(split.x[:count], split.y[:count])
        for name, split, count in (
            ("train", sample.train, 300),
            ("validation", sample.validation, 100),
            ("test", sample.test, 100),
        )
    }
    digits = Dataset(
        **rows,
        class_names=sample.class_names,
        source="300 digits",
        image_format=sample.image_format,
    )
    monkeypatch.setattr(dnn_tf.data, "load", lambda *_, **__: digits)

    def select(data, *, classes=None, per_class=None, seed=42, original=dnn_tf.data.select):
        return original(data, classes=classes, per_class=per_class and 5, seed=seed)

    monkeypatch.setattr(dnn_tf.data, "select", select)

    def with_less(function, **less):
        def shorter(*args, **words):
            return function(*args, **{**words, **less})

        return shorter

    shorter = with_less(dnn_tf.fit, epochs=1, progress=False)
    monkeypatch.setattr(dnn_tf, "fit", shorter)
    monkeypatch.setattr(training, "fit", shorter)
    monkeypatch.setattr(transfer, "fine_tune", with_less(transfer.fine_tune, epochs=1, stages=1))
    monkeypatch.setattr(tuning, "search", with_less(tuning.search, epochs=1, trials=1))
    X, y = load_digits(return_X_y=True)
    monkeypatch.setattr("sklearn.datasets.load_digits", lambda **_: (X[:200], y[:200]))
    monkeypatch.chdir(tmp_path)
    shutil.copytree(REPOSITORY / "saved_models/mnist", tmp_path / "saved_models/mnist")


@pytest.mark.filterwarnings("ignore:SELU:UserWarning")
@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=map(name_of, WITH_EXAMPLES))
def test_runs(page, small, capsys):
    names = {"pixels": np.zeros((2, 28, 28, 1), "uint8")}
    for line, code in blocks(page, "python"):
        exec(compile("\n" * (line - 1) + code, str(page), "exec"), names)
