"""What makes two trainings the same."""

import functools

import keras
import numpy as np
import pytest

from dnn_tf import gradients, losses, models, optimizers, regularizers, schedules
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
        ("model", models.dnn(6, (4,), 3, activation="elu")),
        ("model", models.dnn(6, (4,), 3, kernel_regularizer=regularizers.L2(0.1))),
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


def test_what_is_frozen_counts():
    model = models.dnn(6, (4,), 3)
    before = signature(model=model)
    model.get_layer("hidden1").trainable = False
    with pytest.raises(InputError, match="trainable weights"):
        check_same(before, signature(model=model), "here")


def test_a_schedule_counts_by_its_numbers():
    slow, fast = (optimizers.Adam(schedules.ExponentialDecay(0.01, n)) for n in (10, 5))
    with pytest.raises(InputError, match="optimizer"):
        check_same(signature(optimizer=slow), signature(optimizer=fast), "here")


def test_all_differences_are_named():
    with pytest.raises(InputError, match="differs in batch_size, seed:"):
        check_same(signature(), signature(batch_size=3, seed=0), "here")


class Squares:
    def __init__(self, k):
        self.k = k

    def __call__(self, y, z):
        return self.k * (y - z) ** 2


def closed_over(array):
    def loss(y, z):
        return array * (y - z)

    return loss


ONES = np.ones(2000)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (functools.partial(max, 3, default=0), functools.partial(max, 3, default=1)),
        (functools.partial(max, 3), functools.partial(max, 4)),
        (losses.Configured(losses.quantile, q=0.1), losses.Configured(losses.quantile, q=0.2)),
        (Squares(1), Squares(2)),
        (closed_over(ONES), closed_over(np.where(np.arange(2000) == 1000, 2, ONES))),
        (ONES, ONES.astype("float32")),
        (ONES, ONES[None]),
        ([1, {"a": ONES}], [1, {"a": 2 * ONES}]),
        (max, min),
    ],
)
def test_described(one, other):
    assert described(one) == described(one)
    assert described(one) != described(other)


def test_addresses_and_names_do_not_count():
    parts = [functools.partial(Squares(1), inner=object()) for _ in range(2)]
    assert described(parts[0]) == described(parts[1])
    dense = [keras.layers.Dense(3) for _ in range(2)]
    assert dense[0].name != dense[1].name
    assert described(dense[0]) == described(dense[1])


def test_callbacks_count_by_their_options():
    one, other, none = (
        sign_callbacks(remembered([keras.callbacks.EarlyStopping(patience=n)] if n else []))
        for n in (3, 4, 0)
    )
    check_same(one, one, "here")
    for changed in (other, none):
        with pytest.raises(InputError, match="differs in EarlyStopping"):
            check_same(one, changed, "here")


class Scaled(keras.layers.Layer):
    """Keras cannot write down a function that it was made with."""

    def __init__(self, function, times):
        super().__init__()
        self.function, self.times = function, times


def test_a_layer_that_no_file_could_hold():
    assert described(Scaled(print, 2)) == described(Scaled(print, 2))
    assert described(Scaled(print, 2)) != described(Scaled(print, 3))


def test_nan_is_the_same_as_nan():
    check_same(signature(seed=float("nan")), signature(seed=float("nan")), "here")


def test_memories_do_not_count():
    assert sign_callbacks([("A", {"_before": 1, "verbose": 1}), ("B", {})]) == {}


def test_two_callbacks_of_one_class():
    two = sign_callbacks([("Diary", {"every": 1}), ("Diary", {"every": 2})])
    assert two == {"Diary": {"every": 1}, "Diary #2": {"every": 2}}
