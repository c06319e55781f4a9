import numpy as np
import pytest
from scipy.sparse import csr_array

from dnn_tf.estimator import DNNRegressor
from dnn_tf.types import DivergenceError, InputError

X = np.random.default_rng(0).normal(size=(80, 3))
Y = np.stack([np.abs(X[:, 0]), X[:, 1] * X[:, 2]], axis=1)


def regressor(**words):
    usual = {"hidden": (16,), "learning_rate": 0.02, "epochs": 2, "random_state": 0}
    return DNNRegressor(**{**usual, "jit_compile": False, **words})


def test_one_target_and_several():
    for y in (Y[:, 0], Y):
        network = regressor(epochs=60, batch_size=10).fit(X, y)
        assert network.predict(X).shape == y.shape
        assert network.score(X, y) > 0.8


@pytest.mark.parametrize("y", [Y[:, 0], Y[:, :1], Y])
def test_answers_have_the_shape_of_the_targets(y):
    assert regressor().fit(X, y).predict(X[:5]).shape == y[:5].shape
    assert regressor().partial_fit(X, y).predict(X[:5]).shape == y[:5].shape


def test_a_column_is_one_target():
    one, column = regressor().fit(X, Y[:, 0]), regressor().fit(X, Y[:, :1])
    assert one.n_outputs_ == column.n_outputs_ == 1
    np.testing.assert_array_equal(one.predict(X), column.predict(X)[:, 0])


def test_the_loss_is_the_mean_of_the_squares():
    network = regressor(batch_size="all", learning_rate=1e-300, epochs=1).fit(X, Y)
    expected = np.square(network.predict(X) - Y).mean()
    np.testing.assert_allclose(network.loss_, expected, rtol=1e-6)
    w = np.arange(80.0)
    network = regressor(batch_size="all", learning_rate=1e-300, epochs=1).fit(X, Y, w)
    expected = np.average(np.square(network.predict(X) - Y).mean(axis=1), weights=w)
    np.testing.assert_allclose(network.loss_, expected, rtol=1e-6)


def test_other_targets_than_before():
    with pytest.raises(InputError, match="y has 2 targets a row, and 1 were expected, as in train"):
        regressor().fit(X, Y[:, 0]).partial_fit(X, Y)
    with pytest.raises(InputError, match="y has 1 targets a row, and 2 were expected"):
        regressor().fit(X, Y, validation_data=(X, Y[:, 0]))


@pytest.mark.parametrize("train", ["fit", "partial_fit"])
def test_large_targets_are_named(train):
    with pytest.raises(InputError, match=r"^y\[0\] is .* such values in all\), .*: scale y, as wi"):
        getattr(regressor(), train)(X, 1e40 + Y[:, 0])
    with pytest.raises(InputError, match=r"^validation_data: y\[0, 0\] is 1e\+40 .*: scale y, as"):
        regressor().fit(X, Y, validation_data=(X, 1e40 + Y))
    cure = r"estimator is as it was before: .*the features and y, whose largest number is 1e\+30 in"
    with pytest.raises(DivergenceError, match=cure):
        getattr(regressor(), train)(X, 1e30 + Y[:, 0])


def test_sparse_targets_are_refused():
    with pytest.raises(TypeError, match="Sparse data was passed for y, but dense data is required"):
        regressor().fit(X, csr_array(Y))
