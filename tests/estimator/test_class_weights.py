import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from dnn_tf.estimator.class_weights import class_weights
from dnn_tf.types import InputError

CLASSES = np.array(["a", "b", "c"])
Y = np.array([0, 0, 0, 1, 2, 2])


def test_balanced_is_scikit_learns():
    got = class_weights("balanced", CLASSES, Y, np.ones(6))
    np.testing.assert_allclose(
        got, compute_class_weight("balanced", classes=CLASSES, y=CLASSES[Y]), rtol=1e-12
    )


def test_balanced_minds_the_weights_as_if_rows_were_repeated():
    weights = np.array([1, 2, 3, 1, 2, 2])
    repeated = class_weights("balanced", CLASSES, Y.repeat(weights), np.ones(weights.sum()))
    np.testing.assert_allclose(class_weights("balanced", CLASSES, Y, weights), repeated, rtol=1e-12)


def test_those_that_are_not_named_count_1():
    np.testing.assert_array_equal(class_weights({"b": 3}, CLASSES, Y, np.ones(6)), [1, 3, 1])
    np.testing.assert_array_equal(class_weights(None, CLASSES, Y, np.ones(6)), [1, 1, 1])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("even", "class_weight is a dict from labels to numbers, 'balanced' or None, and got 'ev"),
        ({"d": 1.0}, "class_weight names the class 'd', and y has 'a', 'b', 'c': take it out"),
        ({"b": -1}, r"class_weight\['b'\] is a finite number, 0 or more, and got -1"),
    ],
)
def test_what_cannot_be_is_told(given, message):
    with pytest.raises(InputError, match=message):
        class_weights(given, CLASSES, Y, np.ones(6))


def test_many_classes_are_not_all_told():
    with pytest.raises(InputError, match=r"y has 0, 1, .*, 9, \.\.\.: take it out"):
        class_weights({99: 1.0}, np.arange(20), np.arange(20), np.ones(20))
