"""The ready space."""

import keras_tuner
import pytest

from dnn_tf import initializers
from dnn_tf.runs import check_plan
from dnn_tf.tuning import dense_space


def draws(number):
    """Sets of values at random, and what the space makes of them."""
    known = keras_tuner.HyperParameters()
    dense_space(known)
    for seed in range(number):
        hp = keras_tuner.HyperParameters()
        for one in known.space:
            hp.merge([one])
            if hp.is_active(one):
                hp.values[one.name] = one.random_sample(seed * 100 + len(hp.values))
        yield hp.values, dense_space(hp)


def test_whatever_it_draws_can_be_trained():
    seen: dict[str, set] = {}
    for values, settings in draws(200):
        check_plan(settings, rows=1000)
        for name, value in values.items():
            seen.setdefault(name, set()).add(value)
        assert len(settings.hidden) == values["depth"]
        assert list(settings.hidden) == sorted(settings.hidden, reverse=True)
        assert settings.hidden[0] == values["first"]
        assert settings.initializer == initializers.recommended(settings.activation)
    assert seen["activation"] == {"relu", "leaky_relu", "elu", "selu"}
    assert seen["schedule"] == {"constant", "exponential", "one_cycle"}
    assert seen["batch_norm"] == {True, False}
    assert seen["batch_size"] == {20, 50, 100, 200, 500}
    assert min(seen["learning_rate"]) < 3e-4
    assert max(seen["learning_rate"]) > 1e-2


def test_selu_has_neither_dropout_nor_batch_norm():
    found = [(values, settings) for values, settings in draws(40) if settings.activation == "selu"]
    assert found
    for values, settings in found:
        assert not {"dropout", "batch_norm"} & set(values)
        assert settings.dropout is None
        assert not settings.batch_norm


@pytest.mark.parametrize("name", ["depth", "first", "narrowing", "learning_rate", "optimizer"])
def test_has_the_hyperparameter(name):
    hp = keras_tuner.HyperParameters()
    dense_space(hp)
    assert name in hp.values
