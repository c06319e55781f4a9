"""What callbacks remember."""

import collections
import io
import pathlib

import keras
import numpy as np
import pytest

from dnn_tf.training import EpochReport
from dnn_tf.training.callback_state import remembered, remind, warn_of_losses


class Diary(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.pages, self.where, self.stream = [], pathlib.Path("x"), io.StringIO()


def test_early_stopping_comes_back(small_model):
    before, after = (keras.callbacks.EarlyStopping(patience=4) for _ in range(2))
    for callback in (before, after):
        callback.set_model(small_model)
        callback.on_train_begin()
    before.best, before.wait, before.best_weights = 0.25, 3, [np.ones(2)]
    remind([after], remembered([before]))
    assert (after.best, after.wait, after.best_weights) == (0.25, 3, before.best_weights)
    assert after.model is small_model


def test_who_remembers_nothing_is_left_out():
    report, diary = EpochReport(), Diary()
    diary.pages = [1]
    state = remembered([report, diary])
    assert [name for name, _ in state] == ["Diary"]
    fresh = Diary()
    remind([fresh, EpochReport()], state)
    assert fresh.pages == [1]


def test_what_belongs_to_the_training_under_way_is_not_kept():
    diary = Diary()
    diary.set_params({"epochs": 3})
    assert remembered([diary]) == [("Diary", {"pages": []})]


def test_what_cannot_be_kept_is_named():
    diary = Diary()
    warn_of_losses([diary])  # a path and a stream are made again by whoever makes the callback
    diary.queue = collections.deque([1])
    with pytest.warns(UserWarning, match="cannot keep queue of Diary: after a kill it starts anew"):
        warn_of_losses([diary])
