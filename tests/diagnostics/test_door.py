"""What is refused before the model is looked at, and which rows are taken."""

import keras
import numpy as np
import pytest

from dnn_tf import models
from dnn_tf.diagnostics.door import check_against, check_built, check_inputs, sampled
from dnn_tf.types import InputError

X, Y = np.arange(40.0).reshape(20, 2), np.arange(20)


def test_rows_are_drawn_once_each_and_stay_with_their_labels():
    x, y, n = sampled(X, Y, 7, seed=3)
    assert n == len(np.unique(y)) == 7
    np.testing.assert_array_equal(x, X[y])
    assert (np.diff(y) > 0).all()
    assert y.tolist() != list(range(7))  # files are sorted by class
    np.testing.assert_array_equal(sampled(X, Y, 7, seed=3)[1], y)
    assert sampled(X, Y, 20, seed=3)[1] is not None
    assert sampled(X, Y, 100, seed=3)[2] == 20


def test_several_inputs_and_outputs():
    x, y, n = sampled({"a": X, "b": Y}, [Y, X], 5, seed=0)
    assert n == 5
    np.testing.assert_array_equal(x["b"], y[0])
    np.testing.assert_array_equal(x["a"], y[1])


def test_a_file_is_not_read_whole(tmp_path):
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert sampled(mapped, Y, 3, seed=0)[0].shape == (3, 2)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (X[:0], Y[:0], "x has no rows"),
        (X, Y[:3], r"x\[3\] has no label"),
        ([X, X[:3]], Y, "x has 3 rows"),
        (np.where(X == 8, np.nan, X), Y, r"x\[4, 0\] is nan"),
        (X, np.where(Y == 2, np.inf, Y), r"y\[2\] is inf"),
        (X.astype(str), Y, "real numbers were expected"),
        (None, None, "x and y are arrays"),
        (X, 3, "x and y are arrays"),
        ([], Y, "x and y are arrays"),
    ],
    ids=["empty", "labels", "inputs", "nan", "inf", "text", "none", "number", "list"],
)
def test_data_that_cannot_be_used(x, y, message):
    with pytest.raises(InputError, match=message):
        sampled(x, y, 1000, seed=0)


@pytest.mark.parametrize("words", [{"rows": 0, "seed": 0}, {"rows": 5, "seed": -1}])
def test_sizes_that_cannot_be(words):
    with pytest.raises(InputError, match="rows is|seed is"):
        sampled(X, Y, **words)


def test_models_without_weights():
    with pytest.raises(InputError, match="a Keras model was expected, and got str"):
        check_built("m")
    with pytest.raises(InputError, match="is not built"):
        check_built(keras.Sequential([keras.layers.Dense(3)]))
    check_built(models.dnn(2, (3,), 2))


def test_shapes():
    model = models.dnn(2, (3,), 2)
    check_inputs(model, X)
    with pytest.raises(InputError, match=r"has the shape \(1,\), and the model takes \(2,\)"):
        check_inputs(model, X[:, :1])
    with pytest.raises(InputError, match="takes 1 inputs, and got 2"):
        check_inputs(model, [X, X])


def test_labels_are_class_numbers_only_where_there_is_a_class_an_output():
    check_against(np.zeros((3, 1)), np.array([7, 8, 9]))
    check_against(np.zeros((3, 2)), np.array([[7.0, 8.0]] * 3))
    check_against([np.zeros((3, 2)), np.zeros((3, 2))], [np.array([7] * 3)] * 2)
    with pytest.raises(InputError, match="from 0 to 1"):
        check_against(np.zeros((3, 2)), np.array([[0], [1], [2]]))


def test_lists_of_numbers_are_arrays():
    x, y, n = sampled(X.tolist(), Y.tolist(), 100, seed=0)
    assert (x.shape, y.shape, n) == ((20, 2), (20,), 20)
    with pytest.raises(InputError, match="have different lengths"):
        sampled([[1.0, 2.0], [3.0]], [0, 1], 100, seed=0)


def test_numbers_are_no_classes_where_the_loss_takes_none():
    outputs, y = np.zeros((3, 3)), np.array([0.5, 1.5, 7.0])
    check_against(outputs, y)
    with pytest.raises(InputError, match="a whole number from 0 to 2"):
        check_against(outputs, y, sparse=True)


def test_a_model_without_weights_is_named_as_that():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x * 2)])
    with pytest.raises(InputError, match="has no weights, so there is nothing to look at"):
        check_built(model)


def test_a_fixed_number_of_rows():
    model = keras.Sequential(
        [keras.Input(batch_shape=(5, 2, 1)), keras.layers.LSTM(2, stateful=True)]
    )
    check_inputs(model, X[:5, :, None])
    with pytest.raises(InputError, match="takes 5 rows at once, and got 20: say rows=5"):
        check_inputs(model, X[..., None])
