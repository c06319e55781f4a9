"""Digits 0 to 4, then 5 to 9, in short. The long form is `dnn-tf reproduce exercise-9`."""

import numpy as np

from dnn_tf import transfer
from dnn_tf.data import select
from dnn_tf.experiments import exercise_9 as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    rows = {row.name: row for row in outcome.rows}
    assert [row.ok for row in rows.values()] == [True] * 4
    assert rows["all thawed less 4 frozen"].measured > 0
    assert outcome.figure is not None
    assert len(list(outcome.claims)) == 1


def test_the_rows_of_the_order_fail_where_it_does_not_hold():
    mean = {"5 frozen": 0.6, "4 frozen": 0.7, "top 2 thawed": 0.8, "all thawed": 0.75,
            "scratch": 0.76}  # fmt: skip
    rows = page.ordered(mean, Setting())
    assert [row.ok for row in rows] == [True, True, False, False]


def test_first_network_and_few_images(sample):
    low = page.network(page.HIDDEN, 784)
    assert [layer.units for layer in low.layers[1:]] == [100] * 5 + [5]
    few = page.few_high_digits(sample, 10, seed=1)
    assert np.bincount(few.train.y).tolist() == [10] * 5
    assert np.bincount(few.validation.y).tolist() == [3] * 5
    assert few.class_names == ("5", "6", "7", "8", "9")


def test_cached_or_not_is_the_same_training(sample):
    few = page.few_high_digits(sample, 30, seed=1)
    seconds, difference = page.cached(page.network((8,) * 5, 784), few, Setting(quick=True))
    assert seconds.ok is None
    assert seconds.measured > 0
    assert difference.ok


def test_automatically(sample, monkeypatch):
    class Tuning:
        def summary(self):
            return {"test_accuracy": 0.9}

    given = {}
    monkeypatch.setattr(
        transfer, "fine_tune", lambda model, data, **words: given.update(words) or Tuning()
    )
    few = select(sample, classes=page.HIGH)
    assert page.automatically(few, page.network((4,) * 5, 784), seed=3) == 0.9
    assert given == {"seed": 3, "epochs": 200, "progress": False}
