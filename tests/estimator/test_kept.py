import pickle

import keras
import numpy as np
import pytest

from dnn_tf import models, optimizers
from dnn_tf.estimator.kept import Kept
from dnn_tf.estimator.seeding import building
from dnn_tf.losses import sparse_softmax_cross_entropy

X = np.random.default_rng(0).normal(size=(20, 4))
Y = np.arange(20) % 2


def trained(optimizer, dtype="float64", **words):
    with building(1, dtype):
        model = models.dnn(4, (5,), 2, **words)
        model.compile(optimizer(), sparse_softmax_cross_entropy)
    model.fit(X, Y, epochs=2, verbose=0)
    return model


def numbers(model):
    return [v.numpy() for v in [*model.variables, *model.optimizer.variables]]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", [optimizers.Adam, keras.optimizers.Adam])
def test_nothing_is_lost(optimizer, dtype):
    model = trained(optimizer, dtype, dropout=0.5, batch_norm=True)
    kept = pickle.loads(pickle.dumps(Kept.of(model)))
    again = kept.restored(sparse_softmax_cross_entropy, [])
    assert again.input.dtype == dtype
    for one, other in zip(numbers(model), numbers(again), strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    for either in (model, again):
        either.train_on_batch(X, Y)  # draws from dropout, and uses the optimiser's memory
    for one, other in zip(numbers(model), numbers(again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_it_is_small():
    model = trained(optimizers.GradientDescent)
    n_bytes = 8 * (model.count_params() + 2)
    assert len(pickle.dumps(Kept.of(model))) < n_bytes + 5000


def test_measuring_in_between_disturbs_nothing():
    model = trained(optimizers.Adam)
    model.evaluate(X, Y, verbose=0)
    again = Kept.of(model).restored(sparse_softmax_cross_entropy, [])
    np.testing.assert_array_equal(again(X), model(X))
