import numpy as np
import pytest

from dnn_tf.estimator.labels import check_one_kind
from dnn_tf.types import InputError


@pytest.mark.parametrize(
    "labels", [np.array(["a", "b"]), np.array(["a", np.str_("b")], object), np.array([1, 2])]
)
def test_text_or_numbers(labels):
    check_one_kind(labels, "y")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.array([b"a"]), r"^y holds bytes, and .* as in \[label.decode\(\) for label in y\]"),
        (np.array(["a", b"a"], object), "^y holds bytes, and text or numbers were expected"),
        (
            np.array([1, "a"], object),
            r"^Unknown label type: y holds Python objects \(int, str\), and .*astype\(int\), ",
        ),
        (
            np.array(["a", 1], object),
            r"^Unknown label type: y holds Python objects \(int, str\), and",
        ),
        (
            np.array([1, 2], object),
            r"^Unknown label type: y holds Python objects \(int\), and an array of text or of",
        ),
    ],
)
def test_others(labels, message):
    with pytest.raises(InputError, match=message):
        check_one_kind(labels, "y")
