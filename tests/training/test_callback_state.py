"""What callbacks remember."""

import collections
import io
import pathlib

import keras
import numpy as np

from dnn_tf.training import EpochReport
from dnn_tf.training.callback_state import lost, remembered, remind, settle


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


def test_each_gets_its_own_back_whatever_the_order():
    first, second, stop = Diary(), Diary(), keras.callbacks.EarlyStopping(patience=4)
    first.pages, second.pages = [1], [2]
    state = remembered([first, stop, second])
    one, other, still = Diary(), Diary(), keras.callbacks.EarlyStopping(patience=5)
    remind([EpochReport(), still, one, other], state)
    assert (one.pages, other.pages, still.patience) == ([1], [2], 4)


def test_what_is_remembered_only_later_comes_back_too():
    bare = keras.callbacks.Callback()
    bare.last = 0.5
    fresh = keras.callbacks.Callback()
    remind([fresh], remembered([bare]))
    assert fresh.last == 0.5
    remind([bare], remembered([keras.callbacks.Callback()]))


def test_what_belongs_to_the_training_under_way_is_not_kept():
    diary = Diary()
    diary.set_params({"epochs": 3})
    assert remembered([diary]) == [("Diary", {"pages": []})]


def test_what_cannot_be_kept_is_named():
    diary = Diary()
    assert lost([diary]) == set()  # whoever makes the callback makes a path and a stream again
    diary.act, diary.write = len, diary.on_epoch_end
    assert lost([diary]) == set()
    diary.queue, diary.mean = collections.deque([1]), keras.metrics.Mean()
    assert lost([diary]) == {"Diary.queue", "Diary.mean"}


def test_the_direction_is_chosen_before_it_is_remembered(small_model):
    stop = keras.callbacks.EarlyStopping("val_loss", min_delta=0.1)
    other = keras.callbacks.EarlyStopping("unheard of")  # cannot tell, and is left alone
    for callback in (stop, other):
        callback.set_model(small_model)
    settle([stop, other, EpochReport()])
    assert stop.min_delta == -0.1
    settle([stop])
    assert stop.min_delta == -0.1
    assert other.monitor_op is None
