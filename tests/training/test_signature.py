"""What makes two trainings the same."""

import functools

import keras
import numpy as np
import pytest

from dnn_tf import gradients, losses, models, optimizers, schedules
from dnn_tf.data import Dataset, Split
from dnn_tf.training.callback_state import remembered
from dnn_tf.training.signature import check_same, described, sign, sign_callbacks
from dnn_tf.types import InputError

X, Y = np.eye(6, dtype="float32"), np.arange(6) % 3


def signature(**changes):
    usual = {
        "model": models.dnn(6, (4,), 3),
        "data": Dataset(Split(X, Y)),
        "optimizer": optimizers.Adam(0.01),
        "clip": gradients.clip_by_value(1.0),
        "loss": losses.sparse_softmax_cross_entropy,
        "batch_size": 2,
        "seed": None,
    }
    return sign(**usual | changes)


def test_the_same_however_often_it_is_made():
    check_same(signature(), signature(), "here")


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("model", models.dnn(6, (5,), 3)),
        ("data", Dataset(Split(X + np.float32(1e-7), Y))),
        ("data", Dataset(Split(X, Y[::-1]))),
        ("optimizer", optimizers.Adam(0.02)),
        ("optimizer", optimizers.Adam(0.01, beta_1=0.8)),
        ("optimizer", optimizers.Adam(schedules.ExponentialDecay(0.01, 10))),
        ("optimizer", optimizers.Momentum(0.01)),
        ("optimizer", keras.optimizers.Adam(0.01)),
        ("clip", gradients.clip_by_value(2.0)),
        ("clip", gradients.clip_by_norm(1.0)),
        ("clip", None),
        ("loss", losses.mean_squared_error),
        ("batch_size", 3),
        ("seed", 0),
    ],
)
def test_what_counts(word, other):
    with pytest.raises(InputError, match=f"here holds .* differs in {word}: name another folder"):
        check_same(signature(), signature(**{word: other}), "here")


def test_a_schedule_counts_by_its_numbers():
    slow, fast = (optimizers.Adam(schedules.ExponentialDecay(0.01, n)) for n in (10, 5))
    with pytest.raises(InputError, match="optimizer"):
        check_same(signature(optimizer=slow), signature(optimizer=fast), "here")


def test_all_differences_are_named():
    with pytest.raises(InputError, match="differs in batch_size, seed:"):
        check_same(signature(), signature(batch_size=3, seed=0), "here")


def test_described():
    assert described(functools.partial(max, 3, default=0))[1:] == [3, {"default": 0}]
    assert described(losses.Configured(losses.sparse_softmax_cross_entropy))[0] == "Configured"
    assert described((1, "a", np.zeros((2, 3)))) == [1, "a", [2, 3]]


def test_callbacks_count_by_their_options():
    one, other, none = (
        sign_callbacks(remembered([keras.callbacks.EarlyStopping(patience=n)] if n else []))
        for n in (3, 4, 0)
    )
    check_same(one, one, "here")
    for changed in (other, none):
        with pytest.raises(InputError, match="differs in EarlyStopping"):
            check_same(one, changed, "here")


def test_two_callbacks_of_one_class():
    two = sign_callbacks([("Diary", {"every": 1}), ("Diary", {"every": 2})])
    assert two == {"Diary": {"every": 1}, "Diary #2": {"every": 2}}
