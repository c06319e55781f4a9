"""Rows that pass, and those that cannot be used."""

import numpy as np
import pytest

from dnn_tf.data.stream_checks import first_bad

X = np.ones((4, 2), "float32")
Y = np.array([0, 1, 2, 1])


def changed(array, row, value):
    array = array.astype(np.result_type(array, type(value)))
    array[row] = value
    return array


@pytest.mark.parametrize(
    ("x", "y", "n_classes", "found"),
    [
        (X, Y, 3, None),
        (X, Y, None, None),
        (X.astype("uint8"), Y.astype("float32"), 3, None),
        (X, Y, 2, (2, "y is 2, and a whole number from 0 to 1 was expected")),
        (X, changed(Y, 3, -1), 3, (3, "y is -1, and a whole number from 0 to 2 was expected")),
        (X, changed(Y, 1, 0.5), 3, (1, "y is 0.5, and a whole number from 0 to 2 was expected")),
        (changed(X, (2, 1), np.nan), Y, 3, (2, "x[1] is nan, and finite float32 numbers")),
        (changed(X, (2, 1), np.inf), Y, 3, (2, "x[1] is inf, and finite float32 numbers")),
        (X.astype("float64") * 1e39, Y, 3, (0, "x[0] is 1e+39, and finite float32 numbers")),
        (X, changed(Y * 1.0, 1, np.nan), None, (1, "y is nan, and finite float32 numbers")),
        (changed(X, (3, 0), np.nan), changed(Y, 1, 9), 3, (1, "y is 9")),  # the first of both
    ],
)
def test_the_first_row(x, y, n_classes, found):
    given = first_bad(x, y, n_classes)
    if found is None:
        assert given is None
    else:
        assert given[0] == found[0]
        assert given[1].startswith(found[1])
