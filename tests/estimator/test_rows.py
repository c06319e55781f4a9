import numpy as np
import pytest

from dnn_tf.estimator.rows import Rows, as_weights, weighted
from dnn_tf.losses import mean_squared_error, sparse_softmax_cross_entropy
from dnn_tf.metrics import accuracy
from dnn_tf.types import InputError


def rows(weights, dtype="float64"):
    n = len(weights)
    return Rows(np.arange(2.0 * n, dtype=dtype).reshape(n, 2), np.arange(n), np.array(weights))


def test_the_weight_is_the_last_column_and_of_mean_1():
    packed = rows([1.0, 3.0]).packed()
    np.testing.assert_array_equal(packed.y, [[0, 0.5], [1, 1.5]])
    assert rows([1.0, 3.0], "float32").packed().y.dtype == "float32"


def test_several_targets_stay_side_by_side():
    given = rows([1.0, 1.0])._replace(y=np.array([[1.0, 2.0], [3.0, 4.0]]))
    np.testing.assert_array_equal(given.packed().y, [[1, 2, 1], [3, 4, 1]])


def test_rows_without_a_weight_are_not_there():
    kept = rows([0.0, 2.0, 0.0, 1.0]).without_zero_weights("sample_weight")
    np.testing.assert_array_equal(kept.y, [1, 3])
    np.testing.assert_array_equal(kept.x, [[2, 3], [6, 7]])
    everyone = rows([1.0, 2.0])
    assert everyone.without_zero_weights("sample_weight") is everyone


def test_no_weight_at_all():
    with pytest.raises(InputError, match="^sample_weight: the weight of every row is zero, and"):
        rows([0.0, 0.0]).without_zero_weights("sample_weight")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([1.0, 2.0], r"sample_weight has the shape \(2,\), and \(3,\) was expected"),
        ([[1.0]] * 3, r"sample_weight has the shape \(3, 1\)"),
        ([1.0, -2.0, 3.0], r"sample_weight\[1\] is -2.0, and a number that is not below zero"),
    ],
)
def test_weights_that_cannot_be(given, message):
    with pytest.raises(InputError, match=message):
        as_weights(given, 3)


def test_weights_that_are_no_numbers():
    with pytest.raises(ValueError, match="sample_weight contains NaN"):
        as_weights([1.0, np.nan], 2)


def test_a_measure_times_the_weight():
    z = np.array([[0.0, 0.0], [1.0, 0.0]])
    y = np.array([[0.0, 2.0], [1.0, 0.5]])
    expected = [2 * np.log(2), 0.5 * np.log(1 + np.e)]
    np.testing.assert_allclose(weighted(sparse_softmax_cross_entropy)(y, z), expected, rtol=1e-6)
    np.testing.assert_allclose(weighted(accuracy)(y, z), [2, 0])
    assert weighted(accuracy).__name__ == "accuracy"
    y = np.array([[1.0, 2.0, 3.0]])
    np.testing.assert_allclose(weighted(mean_squared_error)(y, np.array([[2.0, 4.0]])), [7.5])
